/** Foreign-function bindings: the only module that links native code. */
@org.jspecify.annotations.NullMarked
module org.infoprompt.bindings {
    requires static transitive org.jspecify;
    requires static org.bytedeco.javacpp;

    exports org.infoprompt.ffi;
    exports org.infoprompt.ffi.kernels;
    exports org.infoprompt.ffi.cublaslt;
    exports org.infoprompt.ffi.cuda;
    exports org.infoprompt.ffi.torch;
}
