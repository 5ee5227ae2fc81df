// Named pipes.
#pragma once
#if defined(_WIN32)
#include <memory>
#include <optional>

#include "../connection.h"
#include "security-windows.h"

namespace hc::remote {

// Of each direction of a pipe.
constexpr DWORD kPipeBuffer = 64 * 1024;

OwnedHandle newEvent();

// Of a server.
std::unique_ptr<Connection> connectionOf(OwnedHandle pipe);

// The token of the client, as it was when it opened the pipe. Something has to have been read from
// the pipe. None: the client does not let a server know who it is.
OwnedHandle clientToken(HANDLE pipe);

// What the token says. Null: not all of it.
std::optional<Peer> peerOf(const OwnedHandle& token, HANDLE pipe);

// The process of the client, to duplicate streams into. None: it is gone, or the process of the
// number that the pipe has is another user's, or of another logon.
OwnedHandle clientProcess(const OwnedHandle& token, HANDLE pipe);

}  // namespace hc::remote
#endif
