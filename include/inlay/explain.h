// What each operator does, shown on numbers small enough to follow: the lecture on dense prediction.
// All numbers come from the operators themselves: a graph is built and run; a linear operator's matrix is found by
// pushing unit vectors through it, its transpose by running the backward graph.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/image.h"

namespace inlay {

/// Numbers in rows and columns, with a name above and a sign in front ("=", "→").
struct Grid {
  enum class Look : std::uint8_t {
    numbers,
    matrix,  // an operator's: mostly zeros
    picture  // too many to be read one by one: the larger the brighter, from 0 or the least on
  };
  std::string name, sign;
  std::int64_t rows = 0, columns = 0;
  std::vector<double> values;  // row by row
  Look look = Look::numbers;

  double at(std::int64_t row, std::int64_t column) const {
    return values.at(static_cast<std::size_t>(row * columns + column));
  }
};

struct ExplainTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

/// One thing to look at: a caption, grids side by side, a table, and what is to be said below.
struct ExplainPart {
  std::string caption;
  std::vector<Grid> grids;
  ExplainTable table;
  std::string below;
};

/// Two ways to the same numbers.
struct ExplainCheck {
  std::string what;
  double difference = 0;  // the largest
  bool holds = false;
};

/// How an output pixel depends on an input pixel.
struct GridLink {
  std::int64_t input = 0;  // row * columns + column
  double weight = 0;
};

/// One setting of the sliders of a page, worked out. `error` says why there is nothing to show.
struct ExplainVariant {
  std::string error, note;
  std::vector<Grid> grids;                   // the input first, the output last
  std::int64_t ring = 0;                     // rows and columns of padding around the input
  bool largest = false;                      // an output is the largest of its inputs, not their weighted sum
  std::vector<std::vector<GridLink>> links;  // by pixel of the output; empty: nothing to step through
};

struct ExplainSlider {
  std::string name;
  std::vector<std::string> values;
  std::size_t start = 0;
};

struct ExplainPlayground {
  std::vector<ExplainSlider> sliders;
  std::vector<ExplainVariant> variants;  // every combination, the last slider's values next to each other
};

struct Explanation {
  std::string topic, title, text;
  std::vector<ExplainPart> parts;
  std::vector<ExplainCheck> checks;
  ExplainPlayground playground;  // empty unless asked for
};

struct ExplainOption {
  std::string name, about;
  std::string standard;  // its value where nothing is said; may be empty
};

struct ExplainTopic {
  std::string name, title, about;
  std::vector<ExplainOption> options;
  std::string example;  // options worth trying
  bool pictures;        // it has grids that are pictures
};

/// In the order of the lecture.
std::vector<ExplainTopic> explain_topics();

/// `options` by name, as text: {"kernel", "3"}, {"input", "1 2; 3 4"}. Throws InputError for a topic or option that
/// does not exist (with the nearest one), a value that cannot be understood, and whatever the operator refuses: a
/// kernel larger than its input, a stride of 0, more numbers than can be shown.
Explanation explain(std::string_view topic, const std::map<std::string, std::string>& options = {},
                    bool with_playground = false);

/// For a terminal of 80 columns. Large grids are shortened, pictures drawn in blocks.
std::string to_text(const Explanation& explanation);

/// One page that needs nothing else, light and dark by the reader's preference. Playgrounds become sliders.
std::string to_html(std::span<const Explanation> explanations);

/// The explanation's pictures side by side, grey, pixels enlarged to be seen. Throws InputError when it has none.
Image picture_of(const Explanation& explanation);

}  // namespace inlay
