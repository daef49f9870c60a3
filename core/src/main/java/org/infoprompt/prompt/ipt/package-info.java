/** Instance-wise Prompt Tuning: slots or prefixes that a text's own tokens look up or an encoder makes of them. */
package org.infoprompt.prompt.ipt;
