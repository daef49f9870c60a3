// All kernels in one image, so that one load brings them all.
#include "activation.cu"
#include "attention.cu"
#include "infonce.cu"
#include "information.cu"
#include "loss.cu"
#include "norm.cu"
#include "optimizer.cu"
#include "rows.cu"
