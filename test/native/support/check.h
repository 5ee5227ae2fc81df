// The least that a native test needs: CHECK counts, and says where it fails; summary() ends main.
#pragma once

#include <atomic>
#include <cstdio>

namespace hc::test {

inline std::atomic<int> passed{0};
inline std::atomic<int> failures{0};

// Any thread.
inline bool check(bool holds, const char* file, int line, const char* text) {
  if (holds) {
    passed.fetch_add(1);
  } else {
    failures.fetch_add(1);
    std::fprintf(stderr, "%s:%d: CHECK(%s) failed\n", file, line, text);
  }
  return holds;
}

inline int summary() {
  std::printf("%d passed, %d failed\n", passed.load(), failures.load());
  std::fflush(stdout);
  return failures.load() == 0 ? 0 : 1;
}

}  // namespace hc::test

#define CHECK(...) \
  ::hc::test::check(static_cast<bool>(__VA_ARGS__), __FILE__, __LINE__, #__VA_ARGS__)
