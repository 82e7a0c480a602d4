#include "inlay/inspect.h"

#include <algorithm>

#include "base/fail.h"
#include "data/folder.h"
#include "data/formats/formats.h"
#include "data/parallel.h"

namespace inlay {
namespace {

struct Look {
  std::int64_t height = 0, width = 0, channels = 0, ignored = 0;
  std::vector<std::int64_t> classes;
  std::string problem;
};

Look look_at(const Dataset& dataset, std::int64_t i) {
  Look look;
  look.classes.resize(static_cast<std::size_t>(dataset.classes().size()));
  try {
    const Sample sample = dataset.read(Split::all, i);
    look.height = sample.image.height();
    look.width = sample.image.width();
    look.channels = sample.image.channels();
    for (std::uint8_t label : sample.mask.labels.data<std::uint8_t>())
      ++(label == kIgnore ? look.ignored : look.classes[label]);
  } catch (const InputError& error) {
    look.problem = error.what();
  }
  return look;
}

void add(const Look& look, DatasetReport& report) {
  if (!look.problem.empty()) {
    report.problems.push_back(look.problem);
    return;
  }
  const bool first = report.channels.empty();
  report.min_height = first ? look.height : std::min(report.min_height, look.height);
  report.max_height = std::max(report.max_height, look.height);
  report.min_width = first ? look.width : std::min(report.min_width, look.width);
  report.max_width = std::max(report.max_width, look.width);
  report.channels.push_back(look.channels);
  report.ignored_pixels += look.ignored;
  for (std::size_t c = 0; c < look.classes.size(); ++c) report.class_pixels[c] += look.classes[c];
}

template <class Body>
void note(std::vector<std::string>& problems, Body&& body) {
  try {
    body();
  } catch (const InputError& error) {
    if (std::ranges::find(problems, error.what()) == problems.end()) problems.emplace_back(error.what());
  }
}

// The set cannot be opened: says of each file of a plain folder whether it can be read.
void look_at_files(const std::filesystem::path& path, DatasetReport& report) {
  note(report.problems, [&] {
    if (format_of(path).name != "folder") return;
    const Folder folder = find_pairs(path, read_class_file(path));
    report.warnings = folder.warnings;
    for (const auto& pairs : folder.splits)
      for (const FilePair& files : pairs) {
        note(report.problems, [&] { read_image_page(files.image); });
        note(report.problems, [&] { read_raw_mask_page(files.mask); });
      }
  });
}

DatasetReport look_at_samples(const Dataset& dataset) {
  DatasetReport report;
  report.classes = dataset.classes();
  report.warnings = dataset.warnings();
  report.train = dataset.size(Split::train);
  report.val = dataset.size(Split::val);
  report.test = dataset.size(Split::test);
  report.class_pixels.resize(static_cast<std::size_t>(report.classes.size()));
  std::vector<Look> looks(static_cast<std::size_t>(dataset.size(Split::all)));
  for_each_parallel(dataset.size(Split::all),
                    [&](std::int64_t i) { looks[static_cast<std::size_t>(i)] = look_at(dataset, i); });
  for (const Look& look : looks) add(look, report);
  std::ranges::sort(report.channels);
  report.channels.erase(std::ranges::unique(report.channels).begin(), report.channels.end());
  return report;
}

}  // namespace

DatasetReport inspect(const std::filesystem::path& path, const DatasetOptions& options) {
  DatasetReport report;
  try {
    return look_at_samples(open_dataset(path, options));
  } catch (const InputError& error) {
    report.problems.emplace_back(error.what());
  }
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) look_at_files(path, report);
  return report;
}

}  // namespace inlay
