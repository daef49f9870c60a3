/** IDPG: prompts generated from each text's plain state by a bottleneck, in full or as sums of Kronecker products. */
package org.infoprompt.prompt.idpg;
