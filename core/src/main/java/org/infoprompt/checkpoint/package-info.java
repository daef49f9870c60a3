/**
 * Trained prompts on disk: safetensors beside one JSON file. The JSON names the tensor file and its hash and is moved into place
 * last, so that a folder always holds either the old checkpoint or the new one, whole.
 */
package org.infoprompt.checkpoint;
