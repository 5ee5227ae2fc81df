// As much of Node-API as native/node needs to run without Node: values that can be looked into, on
// one thread, that of main().
#pragma once

#include <node_api.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

// The name is Node-API's own, which declares it and leaves it open.
struct napi_value__ {
  napi_valuetype type = napi_undefined;
  double number = 0;  // of a boolean as well
  std::u16string text;
  std::vector<napi_value> items;  // of an array; null where there is a hole
  std::function<void(const std::vector<napi_value>&)> function;
  std::vector<double>* numbers = nullptr;  // of a Float64Array
};

struct napi_env__ {
  napi_value make(napi_valuetype type);
  napi_value text(const std::u16string& text);
  // Forgets all values and what was thrown.
  void collect();
  // Waits until the thread-safe function was called, and runs it as the event loop would. False
  // when nobody called it for ten seconds.
  bool turn();

  std::deque<napi_value__> values;
  bool thrown = false;

  // Of the one thread-safe function there is.
  std::mutex mutex;
  std::condition_variable rung;
  bool calling = false;
  napi_threadsafe_function_call_js call = nullptr;
  void* context = nullptr;
};
