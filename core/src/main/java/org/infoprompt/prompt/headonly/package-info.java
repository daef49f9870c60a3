/** No prompts at all: the class head alone, the floor that every method has to beat. */
package org.infoprompt.prompt.headonly;
