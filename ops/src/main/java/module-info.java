/** Tensors over off-heap memory and the kernels that run on them, for several backends. */
@org.jspecify.annotations.NullMarked
module org.infoprompt.ops {
    requires static transitive org.jspecify;
    requires static jdk.incubator.vector;
    requires org.infoprompt.bindings;

    exports org.infoprompt.tensor;
    exports org.infoprompt.ops;
    exports org.infoprompt.ops.reference;

    uses org.infoprompt.ops.BackendProvider;

    provides org.infoprompt.ops.BackendProvider with
            org.infoprompt.ops.cuda.CudaProvider,
            org.infoprompt.ops.reference.ReferenceProvider,
            org.infoprompt.ops.scalar.ScalarProvider,
            org.infoprompt.ops.torch.TorchProvider,
            org.infoprompt.ops.vector.VectorProvider,
            org.infoprompt.ops.nativecpu.NativeProvider;
}
