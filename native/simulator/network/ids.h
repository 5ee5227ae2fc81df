// Ids in the order in which they came, each found and taken out at once however many there are.
#pragma once

#include <iterator>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace hc::simulator::network {

class Ids {
 public:
  Ids() = default;
  Ids(Ids&&) = default;
  Ids& operator=(Ids&&) = default;

  // False: it is there already.
  bool add(std::u16string id) {
    if (has(id)) return false;
    inOrder_.push_back(std::move(id));
    byId_.emplace(inOrder_.back(), std::prev(inOrder_.end()));
    return true;
  }
  bool has(const std::u16string& id) const { return byId_.count(id) != 0; }
  // False: it is not there.
  bool remove(const std::u16string& id) {
    const auto at = byId_.find(id);
    if (at == byId_.end()) return false;
    inOrder_.erase(at->second);
    byId_.erase(at);
    return true;
  }
  void clear() {
    byId_.clear();
    inOrder_.clear();
  }
  bool empty() const { return inOrder_.empty(); }
  std::size_t size() const { return inOrder_.size(); }
  auto begin() const { return inOrder_.begin(); }
  auto end() const { return inOrder_.end(); }

 private:
  std::list<std::u16string> inOrder_;
  std::unordered_map<std::u16string, std::list<std::u16string>::iterator> byId_;
};

}  // namespace hc::simulator::network
