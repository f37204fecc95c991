# Sets the environment of the programs of this bundle. bin/zem and gpu-proof source it, with the folder of the bundle in
# $here. If no OpenCL driver is registered in /etc/OpenCL/vendors, as in NVIDIA's containers, and the environment names
# none, the loader gets the first driver that is found on this machine.
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

# Prints the folder that has a driver, among those in which packages and containers put drivers.
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
