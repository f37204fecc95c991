# What the programs of this bundle need in their environment, given the folder of the bundle in $here. Sourced by
# bin/zem and gpu-proof. A driver of OpenCL that this machine has and has not registered in /etc/OpenCL/vendors, as in
# NVIDIA's containers, is named to the loader, unless the environment names drivers.
# shellcheck shell=sh disable=SC2154
export UDUNITS2_XML_PATH="$here/share/udunits/udunits2.xml"
# Where /proc is not mounted, the dynamic linker takes $ORIGIN from here.
export LD_ORIGIN_PATH="$here/libexec"

drivers_are_registered() {
    [ -z "${OCL_ICD_VENDORS:-}${OPENCL_VENDOR_PATH:-}${OCL_ICD_FILENAMES:-}" ] || return 0
    for file in /etc/OpenCL/vendors/*.icd; do
        [ ! -e "$file" ] || return 0
    done
    return 1
}

# Prints the folder of a driver, from those where packages and containers have drivers.
folder_of_driver() (
    IFS=:
    for folder in ${LD_LIBRARY_PATH:-} /usr/lib/"$(uname -m)"-linux-gnu /usr/lib64 /usr/lib /usr/local/nvidia/lib64 \
        /usr/lib/"$(uname -m)"-linux-gnu/intel-opencl /opt/rocm/lib /usr/lib/wsl/lib; do
        if [ -n "$folder" ] && [ -e "$folder/$1" ]; then echo "$folder" && break; fi
    done
)

drivers_are_registered || for file in "$here"/drivers/*/*.icd; do
    read -r library <"$file"
    folder=$(folder_of_driver "$library")
    [ -n "$folder" ] || continue
    export OCL_ICD_VENDORS="${file%/*}" LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder"
    break
done
