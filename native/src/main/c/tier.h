/* The kernels of one tier, as a table that the dispatcher calls through. */
#ifndef IPK_TIER_H
#define IPK_TIER_H

#include "infoprompt_kernels.h"

struct ipk_kernels {
#define IPK_MEMBER(result, name, parameters, arguments) result(*name) parameters;
    IPK_FUNCTIONS(IPK_MEMBER)
};

/* Those that a processor with VNNI alone has of its own. */
struct ipk_int8_kernels {
    IPK_INT8_FUNCTIONS(IPK_MEMBER)
};
#undef IPK_MEMBER

extern const struct ipk_kernels ipk_kernels_baseline;
extern const struct ipk_kernels ipk_kernels_avx2;
extern const struct ipk_kernels ipk_kernels_avx512;
extern const struct ipk_int8_kernels ipk_kernels_avx512_vnni;
extern const struct ipk_kernels ipk_kernels_avx512_bf16;
extern const struct ipk_kernels ipk_kernels_amx;

#endif
