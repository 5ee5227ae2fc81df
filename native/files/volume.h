// The volume on the disk of a scratch layer, which does not grow with its disk. Windows only; each
// call may take seconds.
#pragma once

#include <string>

#include "file.h"

namespace hc::files {

// Attaches the disk of a file. It is detached when `disk` is closed.
Status attachDisk(const std::u16string& path, File& disk);
// Makes a volume as large as its partition. `path` is `\\?\Volume{...}`. 1: it has grown; 0: it was
// as large already.
Status extendVolume(std::u16string path);

}  // namespace hc::files
