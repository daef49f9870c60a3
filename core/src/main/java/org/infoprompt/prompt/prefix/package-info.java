/** Prefix-Tuning and P-Tuning v2: trained keys and values before every layer's own. */
package org.infoprompt.prompt.prefix;
