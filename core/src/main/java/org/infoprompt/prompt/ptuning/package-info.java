/** P-Tuning v1: prompt vectors that an MLP or a bidirectional LSTM makes from an embedding table. */
package org.infoprompt.prompt.ptuning;
