/**
 * What is trained and what it is trained for: the parameters around the frozen encoder, the class head, the Gaussian bottleneck,
 * and the losses of InfoPrompt with their gradients. Formulas: methods notes, 01-infoprompt, sections 2, 3 and 8.
 */
package org.infoprompt.objective;
