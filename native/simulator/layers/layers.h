// The layers of the host: folders on the disk of this machine, and what is attached of them.
//
// What a layer is follows from the disk alone. What is here is which of them are active, prepared
// or used by a call, by their paths. The lock guards that alone and is taken under any other; files
// are read and written without it, on the thread of the call, which may take seconds.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "../base/in-flight.h"
#include "../base/outcome.h"
#include "../documents/documents.h"
#include "layer-files.h"

namespace hc::simulator {

// A layer as a call names it.
struct LayerName {
  FilePath path;
  std::u16string key;   // of the path, without regard to how it is written
  std::u16string name;  // the last part of the path
};

// What is attached of a layer, or was.
struct LayerUse {
  std::u16string name;
  std::uint64_t active = 0;             // a read-only layer may be it more than once
  bool prepared = false;                // the filter is attached to it
  bool overlay = false;                 // and so is the filter for overlays
  bool busy = false;                    // a call works on its files
  std::u16string volume;                // of a scratch layer that is or was active
  std::vector<std::u16string> parents;  // keys; of a prepared layer
  CallSite site;                        // of the call that activated it, or attached its filter

  bool attached() const { return active != 0 || prepared || overlay; }
};

class LayerStore {
 public:
  Outcome activate(const LayerName& layer, const CallSite& site);
  Outcome deactivate(const LayerName& layer);
  Outcome prepare(const LayerName& layer, const std::vector<LayerName>& parents);
  Outcome unprepare(const LayerName& layer);
  // The payload is the path, empty where there is none.
  Outcome mountPath(const LayerName& layer);

  Outcome create(const LayerName& layer);
  Outcome createScratch(const LayerName& layer, const std::vector<LayerName>& parents);
  Outcome expand(const LayerName& layer, std::uint64_t bytes);
  Outcome destroy(const LayerName& layer);

  Outcome importFrom(const LayerName& layer, const FilePath& folder,
                     const std::vector<LayerName>& parents);
  Outcome exportTo(const LayerName& layer, const FilePath& folder,
                   const std::vector<LayerName>& parents);
  Outcome copy(const LayerName& layer, const LayerName& copy,
               const std::vector<LayerName>& parents);
  Outcome processBase(const LayerName& layer);
  Outcome processUtility(const LayerName& layer);

  // By computestorage.dll, for which the parents of a base layer are none.
  // Files alone: setUpBase() makes a base layer of them.
  Outcome importBase(const LayerName& layer, const FilePath& source);
  // The files of `layer` with the registry of `hives`.
  Outcome exportFiles(const LayerName& layer, const FilePath& hives, const FilePath& folder,
                      const std::vector<LayerName>& parents);
  Outcome setUpBase(const LayerName& layer);
  Outcome setUpUtility(const LayerName& layer);
  // What a container would find on a new disk: all of it is the parents'.
  Outcome layOut(const LayerName& layer, const std::vector<LayerName>& parents);
  // Its registry, which a scratch layer for PrepareLayer has in a folder of its own.
  Outcome layOutHives(const LayerName& folder);
  Outcome attachFilter(const LayerName& layer, const std::vector<LayerName>& parents,
                       const CallSite& site);
  Outcome detachFilter(const LayerName& layer);
  Outcome attachOverlay(const LayerName& volume, const CallSite& site);
  Outcome detachOverlay(const LayerName& volume);
  // The layer of an active volume. Null: no layer has it.
  std::optional<LayerName> layerOf(std::u16string_view volume);

  // Whether the layers of a container, and its volume, are what it can start from. Paths and
  // volumes that were never of this host are taken on trust.
  Outcome findLayers(const SystemDocument& document);
  Outcome findVolume(const SystemDocument& document);
  // The volume of a scratch layer that is active, as documents name it; else empty.
  std::u16string volumeOf(const LayerName& layer);

  // Those that are active, for the state.
  std::vector<LayerUse> active();
  // What was wrong in the last call that failed on a layer: the functions for layers have no result
  // document.
  void setLastError(std::u16string error);
  std::u16string lastError();
  void reset();

 private:
  // Keeps other calls off the files of a layer.
  class LayerLock {
   public:
    LayerLock(LayerStore& store, const LayerName& layer);
    ~LayerLock();
    LayerLock(const LayerLock&) = delete;
    LayerLock& operator=(const LayerLock&) = delete;
    const Outcome& outcome() const { return outcome_; }

   private:
    LayerStore& store_;
    const LayerName& layer_;
    Outcome outcome_;
  };
  friend class LayerLock;

  // With the lock held, as the next.
  LayerUse& use(const LayerName& layer);
  void forgetUnused(const LayerName& layer);
  void remember(const LayerName& layer);
  bool isKnown(const LayerName& layer);

  std::mutex mutex_;
  std::map<std::u16string, LayerUse> uses_;           // by key
  std::map<std::u16string, std::u16string> volumes_;  // keys of layers, by volume
  std::set<std::u16string> known_;                    // keys of layers that were made here
  std::u16string lastError_;
};

LayerName layerAt(const FilePath& path);
// Null: the path is not one of a layer.
std::optional<LayerName> layerName(const DriverInformation* driver, const char16_t* id);
// Whether all of them can be parents, and the last is a base.
Outcome checkParents(const std::vector<LayerName>& parents);
std::vector<FilePath> foldersOf(const std::vector<LayerName>& layers);

}  // namespace hc::simulator
