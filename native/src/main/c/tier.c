/*
 * All kernels of one tier in one translation unit. The build compiles this file once for each tier, with the tier's
 * compiler flags and with IPK_TIER naming it. A kernel NAME of the header is defined here as static IPK_KERNEL(NAME).
 */
#include "tier.h"

#define IPK_KERNEL(name) name##_tier

#include "simd.h"
#include "vmath.h"

#include "kernels/activation.c"
#include "kernels/attention.c"
#include "kernels/information.c"
#include "kernels/linear.c"
#if defined(__AMX_BF16__)
#include "kernels/linear_amx.c"
#endif
#include "kernels/loss.c"
#include "kernels/norm.c"
#include "kernels/optimizer.c"
#include "kernels/rows.c"

#define IPK_PASTE(a, b) a##b
#define IPK_TABLE_OF(tier) IPK_PASTE(ipk_kernels_, tier)

const struct ipk_kernels IPK_TABLE_OF(IPK_TIER) = {
#define IPK_ENTRY(result, name, parameters, arguments) .name = IPK_KERNEL(name),
    IPK_FUNCTIONS(IPK_ENTRY)
#undef IPK_ENTRY
};
