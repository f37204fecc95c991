/* The functions of OpenCL that the kernels call, for clang without libclc, by builtins of the compiler for AMD GPUs.
 * amd_registers.py includes this file before kernels/engage.cl, to count registers. Do not run the result:
 * get_num_groups is only good enough for that. */
#define ZEM_BUILTIN __attribute__((overloadable, always_inline))

float ZEM_BUILTIN fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
uint ZEM_BUILTIN mul_hi(uint a, uint b) { return (uint)(((ulong)a * b) >> 32); }
uint ZEM_BUILTIN min(uint a, uint b) { return a < b ? a : b; }
uint ZEM_BUILTIN atomic_add(volatile __local uint *word, uint term) { return __sync_fetch_and_add(word, term); }
size_t ZEM_BUILTIN get_local_id(uint axis) { return axis == 0 ? __builtin_amdgcn_workitem_id_x() : 0; }
size_t ZEM_BUILTIN get_group_id(uint axis)
{
    return axis == 0 ? __builtin_amdgcn_workgroup_id_x() : __builtin_amdgcn_workgroup_id_y();
}
size_t ZEM_BUILTIN get_num_groups(uint axis) { return ((__constant uint *)__builtin_amdgcn_dispatch_ptr())[3] >> 6; }
size_t ZEM_BUILTIN get_global_id(uint axis) { return get_group_id(axis) * 64 + get_local_id(axis); }
void ZEM_BUILTIN __attribute__((convergent)) barrier(cl_mem_fence_flags flags)
{
    __builtin_amdgcn_fence(__ATOMIC_SEQ_CST, "workgroup");
    __builtin_amdgcn_s_barrier();
}
