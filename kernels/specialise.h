/* Which parts of the model a compiled kernel contains. Features that are not in ZEM_FEATURES_POSSIBLE are not compiled.
 * Features in ZEM_FEATURES_CERTAIN are compiled without a test. Every other feature is tested at run time in the cell,
 * so that all trials of the cell take the same branch. The choice of the two sets changes no bit of a result. */
#ifndef ZEM_SPECIALISE_H
#define ZEM_SPECIALISE_H

#ifndef ZEM_FEATURES_POSSIBLE
#define ZEM_FEATURES_POSSIBLE (~(feature_set)0)
#endif
#ifndef ZEM_FEATURES_CERTAIN
#define ZEM_FEATURES_CERTAIN ((feature_set)0)
#endif

/* POSSIBLE tells whether a cell of this kernel may have one of the features in `feature`, and HAS whether the cell has
 * one. */
#define POSSIBLE(feature) (((feature_set)(ZEM_FEATURES_POSSIBLE) & (feature)) != 0u)
#define HAS(cell, feature) \
    ((((feature_set)(ZEM_FEATURES_CERTAIN) & (feature)) != 0u) \
     || (POSSIBLE(feature) && ((cell)->features & (feature)) != 0u))

/* Number of autopilot stages of a cell; ZEM_STAGES fixes it at compile time. */
#ifdef ZEM_STAGES
#define STAGES(cell) ((u32)ZEM_STAGES)
#else
#define STAGES(cell) ((cell)->stages)
#endif

#endif
