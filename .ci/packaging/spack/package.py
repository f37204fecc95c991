"""Spack recipe of zem. The bits of its results depend on flags that its Makefile sets itself. The address of the
repository is read from ZEM_GIT, because zem is published at no address of its own yet."""

import os

from spack.package import *


class Zem(MakefilePackage):
    """Monte Carlo estimator of intercept probability: textbook point-mass engagements on OpenCL devices or on the
    processor, with the same bits on every device; probability surfaces with their uncertainty in HDF5."""

    git = os.environ.get("ZEM_GIT", "")

    license("BSD-3-Clause")

    version("0.1.0", tag="v0.1.0")

    depends_on("c", type="build")
    depends_on("gmake", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("hdf5+hl")
    depends_on("jansson")
    depends_on("libdeflate")
    depends_on("libfyaml")
    depends_on("nettle")
    depends_on("opencl-c-headers", type="build")
    depends_on("udunits")
    depends_on("zlib-api")

    def build(self, spec, prefix):
        make("all")

    def install(self, spec, prefix):
        make("install", f"PREFIX={prefix}")
