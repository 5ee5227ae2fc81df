// What one side of a live migration knows. Guarded by the lock of the host.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "../operations/client-operation.h"
#include "migration-link.h"

namespace hc::simulator {

enum class MigrationPhase : std::uint8_t {
  Initialized,   // of the source; the destination begins as started
  Started,       // has a connection
  Transferring,  // a transfer was asked for
  Transferred,   // the destination has the state, and the machine stands still at the source
  HandingOver,   // the source has offered it, and waits for the other to take it
};

// The guest's state, as it travels. Programs follow when the machine is handed over.
struct MigratedState {
  std::uint64_t memoryInMB = 0;
  std::uint64_t ranMs = 0;
  bool linuxGuest = false;
  std::uint64_t source = 0;  // the order of the system, in its process
};

struct Migration {
  bool destination = false;
  MigrationPhase phase = MigrationPhase::Initialized;
  std::uint32_t session = 0;
  std::shared_ptr<MigrationLink> link;
  bool greeted = false;                   // the other side is there
  bool sameProcess = false;               // and in this process
  bool offered = false;                   // of the destination: it can have the machine
  std::unique_ptr<MigratedState> state;   // that has arrived
  std::shared_ptr<OperationRun> waiting;  // of the call that ends with what the other side says
};

// The words of a line, and numbers in it; false: it is not of this form.
std::string helloLine(std::uint32_t session, std::uint64_t process);
std::string stateLine(const MigratedState& state);
bool readHello(const std::string& line, std::uint64_t* session, std::uint64_t* process);
bool readState(const std::string& line, MigratedState* state);

// Tells apart whether both sides are in one process.
std::uint64_t thisProcess();

}  // namespace hc::simulator
