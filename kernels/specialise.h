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

/* Whether the cell has one of the features in `feature`. */
#define HAS(cell, feature) \
    ((((feature_set)(ZEM_FEATURES_CERTAIN) & (feature)) != 0u) \
     || (((feature_set)(ZEM_FEATURES_POSSIBLE) & (feature)) != 0u && ((cell)->features & (feature)) != 0u))

/* Whether some cell of this kernel may have all of the features in `feature`. */
#define POSSIBLE(feature) (((feature_set)(ZEM_FEATURES_POSSIBLE) & (feature)) == (feature))

/* Number of autopilot stages of a cell; ZEM_STAGES fixes it at compile time. */
#ifdef ZEM_STAGES
#define STAGES(cell) ((u32)ZEM_STAGES)
#else
#define STAGES(cell) ((cell)->stages)
#endif

#endif
