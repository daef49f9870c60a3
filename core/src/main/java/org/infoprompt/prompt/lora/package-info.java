/** LoRA: low-rank changes of an encoder's frozen linear layers. Letters: r rank, k sum of the ranks in one product. */
package org.infoprompt.prompt.lora;
