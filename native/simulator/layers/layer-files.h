// The files of layers on the disk of this machine. A volume that Windows would attach is a small
// file here, and what a filter would merge is listed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "../base/outcome.h"

namespace hc::simulator {

using FilePath = std::filesystem::path;

FilePath toFilePath(std::u16string_view text);
std::u16string toText(const FilePath& path);

bool isFolder(const FilePath& path);
bool isFile(const FilePath& path);
bool isEmptyFile(const FilePath& path);
// The failure of a file operation, as the Windows error that it would be.
Outcome fileFailure(std::error_code error, const FilePath& path);
Outcome makeFolder(const FilePath& folder);
Outcome writeFile(const FilePath& path, std::string_view bytes);
// A second name for a file, or a copy where the disk has no such thing.
Outcome linkFile(const FilePath& from, const FilePath& to);

// The disk of a scratch layer, or the template of one. Null: this host did not write it.
constexpr std::uint64_t kScratchBytes = std::uint64_t{20} << 30;
Outcome writeDisk(const FilePath& path, std::uint64_t bytes);
std::optional<std::uint64_t> sizeOfDisk(const FilePath& path);

// What can be loaded as an empty registry.
const std::string& emptyHive();
constexpr const char* kHives[] = {"DefaultUser", "Sam", "Security", "Software", "System"};

bool isProcessed(const FilePath& layer);  // it can be a parent
bool isBase(const FilePath& layer);
bool isScratch(const FilePath& layer);

// Entries of one folder of a layer, by name; the value says whether it is a folder.
using Listing = std::map<std::string, bool>;

// A file beside a folder in the transport form has the attributes and streams of the folder.
constexpr std::string_view kSideFile = ".$wcidirs$";
// The name of the folder that a side file belongs to; empty where the name is not one of a side
// file.
std::string_view folderOfSideFile(std::string_view name);
FilePath sideFileOf(const FilePath& folder);

// Of one layer alone: an empty file, or an empty folder with an empty side file, is a placeholder
// for what the parents have there.
Listing listingOf(const FilePath& folder);
// Of a folder, by its path below the layer, as the parents together have it.
Listing mergedListing(const std::vector<FilePath>& parents, const FilePath& folder);
// Adds to a folder of a layer a placeholder for whatever it lacks.
Outcome addPlaceholders(const FilePath& layer, const FilePath& folder, const Listing& inherited);

// What a container would find on a new disk, where it has nothing yet: at first all of it is the
// parents'.
Outcome layOutFiles(const FilePath& layer, const std::vector<FilePath>& parents);

}  // namespace hc::simulator
