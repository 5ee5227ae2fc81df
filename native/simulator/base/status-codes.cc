#include "status-codes.h"

#include <atomic>

namespace hc::simulator {
namespace {

std::atomic<bool> hcsFamily{false};

struct Meaning {
  HResult status;
  const char16_t* text;
};

constexpr std::uint32_t kFamily = 0x80370100;

constexpr Meaning kMeanings[] = {
    {kFamily | 0x00, u"The virtual machine or container was terminated while it was starting."},
    {kFamily | 0x05, u"The requested operation is not valid in the current state."},
    {kFamily | 0x06, u"The virtual machine or container exited unexpectedly."},
    {kFamily | 0x07, u"The virtual machine or container was forcefully exited."},
    {kFamily | 0x0D, u"The virtual machine or container JSON document is invalid."},
    {kFamily | 0x0E,
     u"A virtual machine or container with the specified identifier does not exist."},
    {kFamily | 0x0F,
     u"A virtual machine or container with the specified identifier already exists."},
    {kFamily | 0x10,
     u"The virtual machine or container with the specified identifier is not running."},
    {kFamily | 0x12, u"A layer of the container is invalid."},
    {kFamily | 0x1F, u"The process has already exited."},
    {kFileNotFound, u"The system cannot find the file specified."},
    {kAccessDenied, u"Access is denied."},
    {kTooManyFiles, u"The system cannot open the file."},
    {kNotEnoughMemory, u"Not enough memory resources are available to process this command."},
    {kAbort, u"Operation aborted."},
    {kInvalidHandle, u"The handle is invalid."},
    {kNotSupported, u"The request is not supported."},
    {kInvalidArgument, u"The parameter is incorrect."},
    {kNotFound, u"Element not found."},
    {kServerUnavailable, u"The RPC server is unavailable."},
    {kCallFailed, u"The remote procedure call failed."},
    {kServerBroken, u"The remote procedure call failed and did not execute."},
    {kSharingViolation,
     u"The process cannot access the file because it is being used by another process."},
    {kServiceStopped, u"The service has not been started."},
    {kWrongDisk,
     u"The wrong diskette is in the drive. Insert %2 (Volume Serial Number: %3) into drive %1."},
    // Of the network service, as its error records have been seen to say.
    {0x803B0001, u"The network was not found."},
    {0x803B0002, u"The endpoint was not found."},
    {0x803B0005, u"The subnet was not found."},
    {0x803B0006, u"An adapter was not found."},
    {0x803B0008, u"The policy was not found."},
    {0x803B000B, u"The network type is invalid."},
    {0x803B000D, u"The policy is invalid."},
    {0x803B000E, u"The policy type is invalid."},
    {0x803B0010, u"A network with this name already exists."},
    {0x803B0013, u"The specified port already exists."},
    {0x803B0014, u"The endpoint is already attached."},
    {0x803B0015, u"The specified request is unsupported."},
    {0x803B0016, u"Port mapping is not supported on the given network."},
    {0x803B0019, u"Conversion of GUID to string failed."},
    {0x803B001B, u"The JSON document is invalid."},
    {0x803B001E, u"The IP address is invalid."},
    {0x803B002B, u"The endpoint is already in a namespace."},
    {0x803B002C, u"The specified entity cannot be removed while it still has references."},
    {0x803B002D, u"The internal port must exist and cannot be zero."},
    {0x803B002F, u"The IP address provided is invalid or reserved."},
    {0x803B0030, u"The prefix is invalid."},
    {0x803B0032, u"The subnet is invalid."},
    {0x803B0033, u"The IP subnet is invalid."},
    {0x803B0034, u"The endpoint is not attached."},
    {0x80070034, u"A duplicate name exists on the network."},
    {0x800700B7, u"Cannot create a file when that file already exists."},
    {0x80004001, u"Not implemented."},
    {kStaleContext, u"The binding handle of an earlier connection is no longer valid."},
};

}  // namespace

HResult codeOf(Condition condition) {
  const auto low = static_cast<std::uint32_t>(condition);
  return (low >= 0x14 || usesHcsFamily() ? 0x80370100 : 0xC0370100) | low;
}

void useHcsFamily(bool hcs) { hcsFamily.store(hcs, std::memory_order_relaxed); }
bool usesHcsFamily() { return hcsFamily.load(std::memory_order_relaxed); }

const char16_t* meaningOf(HResult status) {
  // Both families have one list of meanings.
  if ((status & 0x3FFF0000) == 0x00370000) status = 0x80370000 | (status & 0xFFFF);
  for (const Meaning& meaning : kMeanings)
    if (meaning.status == status) return meaning.text;
  return u"The operation failed.";
}

std::u16string hexText(HResult status) {
  std::u16string text = u"0x";
  for (int shift = 28; shift >= 0; shift -= 4)
    text.push_back(u"0123456789ABCDEF"[(status >> shift) & 0xF]);
  return text;
}

}  // namespace hc::simulator
