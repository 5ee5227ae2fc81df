// The transport form of a layer: the tree of files that ImportLayer reads and ExportLayer writes.
#pragma once

#include <string>
#include <vector>

#include "layer-files.h"

namespace hc::simulator {

// A file or folder below the layer, parents before children.
struct TransportEntry {
  FilePath path;
  bool folder;
  bool placeholder;  // of a layer: the parents have it
};

// All of `Files`. Failed outcomes name the entry and what is wrong with it. Side files are not
// listed, their folders are.
Outcome readTransportTree(const FilePath& layer, std::vector<TransportEntry>* entries);

// What is wrong with a registry of a layer, or an ok outcome.
Outcome checkHive(const FilePath& file);

// Adds a stream to a file in the transport form, in its place.
Outcome appendAlternateStream(const FilePath& file, std::u16string_view name,
                              std::string_view bytes);

// The paths below `Files` that a layer deletes.
Outcome readTombstones(const FilePath& file, std::vector<FilePath>* deleted);
Outcome writeTombstones(const FilePath& file, const std::vector<FilePath>& deleted);

// The side file of a folder.

}  // namespace hc::simulator
