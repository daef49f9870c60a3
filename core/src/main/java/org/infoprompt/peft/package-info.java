/**
 * Adapters in the format of Hugging Face PEFT: a folder with {@code adapter_config.json} and {@code adapter_model.safetensors}.
 * They are read with the semantics of PEFT's own forward pass and computed by this project's encoder on packed rows. Nothing in
 * such a folder is ever executed; pickles are refused. Letters are those of {@link org.infoprompt.tensor}; N virtual tokens.
 */
package org.infoprompt.peft;
