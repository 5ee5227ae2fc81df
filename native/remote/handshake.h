// What both ends say before the first call: the client who it is and what the connection is for,
// the server whether it takes it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <random>

#include "../abi/functions.h"
#include "channel.h"

namespace hc::remote {

// The first words of a connection, which keep their form in all versions.
struct Version {
  std::uint32_t magic = 0x48435231;  // "HCR1"
  std::uint16_t major = 1;
  std::uint16_t minor = 0;
  // Of the list of functions: both ends must have been built with the same.
  std::uint32_t list = kListHash;
};

inline bool speaksOurs(const Version& other) {
  const Version ours;
  return other.magic == ours.magic && other.major == ours.major && other.list == ours.list;
}

enum class Purpose : std::uint8_t {
  Life,           // ends when the client does; it gets its session over it
  Calls,          // requests of the client, one at a time
  Notifications,  // notifications to the client
};

// Whoever knows it is the client: what another client guesses does not name a session.
using Secret = std::array<std::uint32_t, 4>;

struct Session {
  std::uint64_t number = 0;
  Secret secret{};
};

inline Secret newSecret() {
  std::random_device random;
  Secret secret;
  for (auto& word : secret) word = random();
  return secret;
}

enum class Answer : std::uint8_t {
  Welcome,
  OtherVersion,
  Refused,    // by the policy of who serves
  TooMany,    // sessions, or connections of this one
  NoSession,  // it has ended, or never was
  None,       // is not sent: nothing came that is one
};

struct Hello {
  Version version;
  Purpose purpose = Purpose::Life;
  Session session;  // of purposes other than Life

  void put(Frame& frame) const {
    frame.put(version);
    frame.put(purpose);
    frame.put(session);
  }
  // The version alone, of one that is not ours.
  static Hello take(Frame& frame) {
    Hello hello;
    hello.version = frame.take<Version>();
    if (!speaksOurs(hello.version)) return hello;
    hello.purpose = frame.take<Purpose>();
    hello.session = frame.take<Session>();
    return hello;
  }
};

struct Greeting {
  Version version;
  Answer answer = Answer::Welcome;
  Session session;
  std::uint32_t mostRequestBytes = kMostRequestBytes;  // a longer request ends its connection

  void put(Frame& frame) const {
    frame.put(version);
    frame.put(answer);
    frame.put(session);
    frame.put(mostRequestBytes);
  }
  static Greeting take(Frame& frame) {
    Greeting greeting;
    greeting.version = frame.take<Version>();
    greeting.answer = frame.take<Answer>();
    greeting.session = frame.take<Session>();
    greeting.mostRequestBytes = frame.take<std::uint32_t>();
    return greeting;
  }
};

constexpr std::chrono::milliseconds kHandshakeLimit{10'000};

// Of a frame from somebody who is not known yet.
constexpr Limits kHelloLimits{256, kHandshakeLimit, kHandshakeLimit};

}  // namespace hc::remote
