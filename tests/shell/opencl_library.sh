# Sets $library to the OpenCL loader of this machine, or to nothing if it has none or $ZEM finds no usable device.
# shellcheck shell=sh disable=SC2034
library=
for folder in $(printf '%s' "${LD_LIBRARY_PATH:-}" | tr ':' ' ') \
    /usr/lib/"$(uname -m)"-linux-gnu /usr/lib64 /usr/lib /usr/local/lib; do
    [ -z "$library" ] && [ -e "$folder/libOpenCL.so.1" ] && library=$folder/libOpenCL.so.1
done
"$ZEM" devices 2>/dev/null | grep -q '^opencl[^ ]* *yes' || library=
