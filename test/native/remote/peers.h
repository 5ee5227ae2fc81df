// Who may connect, and who is at the other end.
#pragma once

namespace hc::test {

void peers();

}  // namespace hc::test
