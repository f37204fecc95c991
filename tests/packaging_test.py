"""The recipes of .ci/packaging/ have the version of the program, build with what .ci/packages installs, and can be
parsed. Only the packaging tools themselves show that they build (.ci/packaging/README.md). Prints "ok NAME" or "not ok
NAME: why"."""

import ast
import pathlib
import re

FOLDER = pathlib.Path(".ci/packaging")
# Debian package of .ci/packages: its names in the three recipes, None where a distribution's compiler package brings
# it.
NAMES = {
    "gcc": (None, "c", '{{ compiler("c") }}'),
    "make": (None, "gmake", "make"),
    "pkg-config": ("pkg-config", "pkgconfig", "pkg-config"),
    "libc6-dev": (None, None, '{{ stdlib("c") }}'),
    "libfyaml-dev": ("libfyaml-dev", "libfyaml", "libfyaml"),
    "libudunits2-dev": ("libudunits2-dev", "udunits", "udunits2"),
    "libhdf5-dev": ("libhdf5-dev", "hdf5+hl", "hdf5"),
    "zlib1g-dev": ("zlib1g-dev", "zlib-api", "zlib"),
    "libdeflate-dev": ("libdeflate-dev", "libdeflate", "libdeflate"),
    "nettle-dev": ("nettle-dev", "nettle", "nettle"),
    "libjansson-dev": ("libjansson-dev", "jansson", "jansson"),
    "opencl-c-headers": ("opencl-c-headers", "opencl-c-headers", "opencl-headers"),
    "gnuplot-nox": (None, None, None),  # needed to run, not to build
}


def text(name):
    return (FOLDER / name).read_text(encoding="utf-8")


def wanted(column):
    packages = re.search(r'build_packages="([^"]*)"', pathlib.Path(".ci/packages").read_text(encoding="utf-8"))
    return sorted(NAMES[name][column] for name in packages.group(1).split() if NAMES[name][column])


def differs(found, expected):
    return "" if found == expected else f"{found}, expected {expected}"


def debian_builds_with_the_packages():
    depends = re.search(r"^Build-Depends: (.*(?:\n .*)*)", text("debian/control"), re.MULTILINE).group(1)
    found = sorted(item.strip() for item in depends.split(",") if "debhelper" not in item)
    return differs(found, wanted(0))


def debian_names_every_field():
    stanzas = text("debian/control").strip().split("\n\n")
    needed = ({"Source", "Maintainer", "Build-Depends", "Standards-Version"},
              {"Package", "Architecture", "Depends", "Description"})
    absent = [sorted(fields - {line.split(":")[0] for line in stanza.splitlines() if line[0] != " "})
              for stanza, fields in zip(stanzas, needed, strict=True)]
    return differs(absent, [[], []])


def spack_builds_with_the_packages():
    calls = [node for node in ast.walk(ast.parse(text("spack/package.py"))) if isinstance(node, ast.Call)]
    found = sorted(call.args[0].value for call in calls if getattr(call.func, "id", "") == "depends_on")
    return differs(found, wanted(1))


def spack_has_the_version():
    calls = [node for node in ast.walk(ast.parse(text("spack/package.py"))) if isinstance(node, ast.Call)]
    found = [call.args[0].value for call in calls if getattr(call.func, "id", "") == "version"]
    return differs(found, [version()])


def conda_builds_with_the_packages():
    section = re.search(r"^requirements:\n  build:\n(.*?)  run:", text("conda/meta.yaml"), re.MULTILINE | re.DOTALL)
    found = sorted(re.findall(r"^    - (.*)$", section.group(1), re.MULTILINE))
    return differs(found, wanted(2))


def conda_has_the_version():
    return differs(re.findall(r'{% set version = "(.*)" %}', text("conda/meta.yaml")), [version()])


def version():
    citation = pathlib.Path("CITATION.cff").read_text(encoding="utf-8")
    return re.search(r"^version: (.*)$", citation, re.MULTILINE).group(1)


def the_makefile_has_the_version():
    makefile = pathlib.Path("Makefile").read_text(encoding="utf-8")
    return differs(re.search(r"^VERSION := (.*)$", makefile, re.MULTILINE).group(1), version())


for test in (debian_builds_with_the_packages, debian_names_every_field, spack_builds_with_the_packages,
             spack_has_the_version, conda_builds_with_the_packages, conda_has_the_version,
             the_makefile_has_the_version):
    reason = test()
    print(f"not ok {test.__name__}: {reason}" if reason else f"ok {test.__name__}")
