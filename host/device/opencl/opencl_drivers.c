/* Reads the files NAME.icd that register OpenCL drivers (OpenCL 1.2 extension specification, cl_khr_icd). Each has one
 * line, the library of a driver. The files are searched where ocl-icd and the Khronos loader search them. */
#include "device/opencl/opencl_drivers.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "/etc/OpenCL/vendors"

static bool ends_in(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static void check_library(const char *library, const char *registered, struct zem_device_list *list)
{
    if (dlopen(library, RTLD_NOW | RTLD_LOCAL) == NULL) /* never closed: drivers crash when they are unloaded */
        zem_device_note_append(list, "OpenCL driver %.80s, registered in %.120s, cannot be loaded: %.160s", library,
                               registered, dlerror());
}

static void check_file(const char *path, struct zem_device_list *list)
{
    char line[512] = "";
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL)
        zem_device_note_append(list, "OpenCL driver file %.200s cannot be read", path);
    if (file != NULL)
        fclose(file);
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] != '\0')
        check_library(line, path, list);
}

static void check_folder(const char *folder, struct zem_device_list *list)
{
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        zem_device_note_append(list, "OpenCL: no driver is registered, the folder %.200s cannot be read", folder);
        return;
    }
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        char path[1024];
        if (!ends_in(entry->d_name, ".icd"))
            continue;
        const int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (length > 0 && (size_t)length < sizeof path)
            check_file(path, list);
    }
    closedir(entries);
}

void zem_opencl_drivers_check(struct zem_device_list *list)
{
    const char *place = getenv("OCL_ICD_VENDORS");
    if (place == NULL || place[0] == '\0')
        place = getenv("OPENCL_VENDOR_PATH");
    if (place == NULL || place[0] == '\0')
        place = FOLDER;
    if (dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL) == NULL)
        zem_device_note_append(list, "OpenCL: there is no loader (ocl-icd-libopencl1): %.200s", dlerror());
    else if (ends_in(place, ".icd"))
        check_file(place, list);
    else if (strstr(place, ".so") != NULL)
        check_library(place, "OCL_ICD_VENDORS", list);
    else
        check_folder(place, list);
}
