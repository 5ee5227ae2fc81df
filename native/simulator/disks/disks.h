// The virtual disks of the host: which files clients have open, and which of them are attached.
//
// What a disk is, and whether it is formatted, follows from its file alone. The lock guards what is
// here and is taken under any other; files are read and written without it, on the thread of the
// call.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "../../abi/virtdisk.h"
#include "../base/in-flight.h"
#include "../base/outcome.h"
#include "../handles/disk-handles.h"
#include "../layers/layers.h"

namespace hc::simulator {

// A disk as a client has it open.
struct OpenDisk {
  FilePath file;
  std::u16string key;                 // of the path, without regard to how it is written
  std::vector<std::u16string> bases;  // keys of its parents
  bool writable = false;
  bool infoOnly = false;
  bool ignoresRelative = false;  // of the places where its parent may be
  CallSite site;
  std::shared_ptr<DiskHandle> handle;  // null until a client has been given one
};

struct AttachedDisk {
  FilePath file;
  DiskNumber owner = 0;  // with whose close it ends; 0: with none
  bool readOnly = false;
  std::uint32_t drive = 0;
  CallSite site;
};

class DiskStore {
 public:
  // Never destroyed: threads may be inside it when the process ends.
  static DiskStore& instance();

  // For the storage functions: null where no disk is open by this number.
  std::optional<OpenDisk> find(DiskNumber disk);
  // Whether it is attached, by whomever.
  bool isAttached(const OpenDisk& disk);
  // Writes what makes it a formatted one; its children are formatted then, too.
  Outcome format(const OpenDisk& disk);
  // Lets a disk that is not attached have more bytes; its file does not grow.
  Outcome grow(const FilePath& file, std::uint64_t bytes);
  // The payload is "\\?\Volume{guid}" of a disk that is formatted; any other fails.
  Outcome mountPath(const OpenDisk& disk);

  // The functions of virtdisk.dll. A path that is not absolute is refused.
  Outcome create(const CallSite& site, const char16_t* path, const CreateDiskParameters& wanted,
                 bool fixed, DiskNumber* disk);
  Outcome open(const CallSite& site, const char16_t* path, bool readOnly, bool infoOnly,
               std::uint32_t flags, DiskNumber* disk);
  Outcome close(DiskNumber disk);
  // A handle for the client; the disk is closed where there is none.
  Outcome give(DiskNumber disk, VirtDisk** handle);
  // Closes what clients have closed: see handles/disk-handles.h.
  void closeAbandoned();
  Outcome attach(const CallSite& site, DiskNumber disk, std::uint32_t flags);
  Outcome detach(DiskNumber disk);
  // The payload is "\\.\PhysicalDriveN".
  Outcome physicalPath(DiskNumber disk);
  // A handle of an attached disk by that path, beside those that there are.
  Outcome openDrive(const CallSite& site, std::u16string_view path, DiskNumber* drive);
  // Writes at most `bytes` to `information`, whose version says what is asked for; `bytes` becomes
  // what is needed.
  Outcome information(DiskNumber disk, GetDiskInformation* information, std::uint32_t* bytes);
  Outcome change(DiskNumber disk, const SetDiskInformation& change);

  // The file name of a disk, for rules and the trace; empty where there is none.
  std::u16string nameOf(DiskNumber disk);

  // For the state: what is open, and what is attached.
  std::vector<OpenDisk> opened();
  std::vector<AttachedDisk> attached();
  void reset();

 private:
  // With mutex_ held: whether a disk may be opened, beside those that are.
  Outcome admit(const OpenDisk& disk);
  DiskNumber add(OpenDisk disk);
  std::map<DiskNumber, OpenDisk>::iterator forget(std::map<DiskNumber, OpenDisk>::iterator disk);
  // For what open and attached disks decide: without those that clients have closed.
  std::unique_lock<std::mutex> lockCurrent();
  bool isAttached(const std::u16string& key) const { return attached_.count(key) != 0; }

  std::mutex mutex_;
  std::map<DiskNumber, OpenDisk> open_;
  std::map<std::u16string, AttachedDisk> attached_;  // by key
  std::set<std::u16string> creating_;                // keys of files that are being made
  DiskNumber last_ = DiskNumber{1} << 41;            // no number of another handle
};

}  // namespace hc::simulator
