// Where messages go. The library never prints: whoever wants to show what it says passes a sink.
#pragma once

#include <functional>
#include <string_view>

namespace inlay {

enum class Severity { info, warning };

/// Receives one message, without a line end. May be empty: messages are dropped then.
using LogSink = std::function<void(Severity, std::string_view)>;

}  // namespace inlay
