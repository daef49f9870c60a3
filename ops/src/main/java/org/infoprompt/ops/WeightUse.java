package org.infoprompt.ops;

/** Which product a packed weight W [out, in] serves. */
public enum WeightUse {
    /** y[R, out] = x[R, in] · Wᵀ: a linear layer. */
    FORWARD,
    /** dx[R, in] = dy[R, out] · W: the gradient of a linear layer to its input. */
    BACKWARD
}
