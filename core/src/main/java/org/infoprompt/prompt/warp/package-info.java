/**
 * WARP: prompts around a mask whose state passes the frozen masked-LM head's transform, and a classifier that starts from label
 * words (Hambardzumyan et al., arXiv 2101.00121).
 */
package org.infoprompt.prompt.warp;
