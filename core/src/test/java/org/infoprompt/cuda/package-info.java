/** What core does on a GPU, on a device made of Java that runs the kernels' own PTX. */
@org.jspecify.annotations.NullMarked
package org.infoprompt.cuda;
