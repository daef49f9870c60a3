/** (IA)³: trained factors of an encoder's keys, values and the inputs of its output layers. */
package org.infoprompt.prompt.ia3;
