/**
 * A CUDA device made of Java, for tests: libcuda and libcublasLt as upcall stubs over an interpreter of the PTX that ships, so
 * that the very host code that drives a GPU runs without one. Also taken by the tests of other modules, through the jar with the
 * classifier {@code tests}.
 */
@org.jspecify.annotations.NullMarked
package org.infoprompt.cudasim;
