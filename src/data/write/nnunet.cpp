// nnU-Net's raw data, version 2. Its reader for pictures wants grey or colour in one file, and labels without a
// palette.
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "base/files.h"
#include "data/write/layouts.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Channel `c` by itself.
Image channel(const Image& image, std::int64_t c) {
  Image out{Tensor(image.pixels.type(), {image.height(), image.width(), 1})};
  const std::size_t value = size_of(image.pixels.type());
  const std::byte* from = image.pixels.raw() + static_cast<std::size_t>(c) * value;
  for (std::byte* to = out.pixels.raw(); to != out.pixels.raw() + out.pixels.bytes(); to += value) {
    std::copy_n(from, value, to);
    from += static_cast<std::size_t>(image.channels()) * value;
  }
  return out;
}

class NnunetWriter : public LayoutWriter {
 public:
  NnunetWriter(const ClassTable& classes, fs::path to) : foreground_(foreground_of(classes)), to_(std::move(to)) {}

  void add(const Outgoing& to, const Sample& sample) override {
    const char* part = to.split == Split::test ? "Ts" : "Tr";
    keep_channels(to, sample.image.channels());
    require_range(to, sample.image);
    const bool whole = sample.image.channels() == 1 || sample.image.channels() == 3;
    for (std::int64_t c = 0; c < (whole ? 1 : sample.image.channels()); ++c) {
      const Outgoing file{to.split, fmt::format("{}_{:04}", to.name, c), to.file};
      write_picture(to_ / (std::string("images") + part), file, whole ? sample.image : channel(sample.image, c),
                    {".png"}, ".png");
    }
    Image labels{Tensor(DType::u8, {sample.mask.height(), sample.mask.width(), 1})};
    auto out = labels.pixels.data<std::uint8_t>().begin();
    for (std::uint8_t label : sample.mask.labels.data<std::uint8_t>())
      *out++ = static_cast<std::uint8_t>(label == kIgnore ? ignored() : label + foreground_.shift);
    write_image(to_ / (std::string("labels") + part) / (to.name + ".png"), labels);
  }

  void finish(const std::vector<Outgoing>& all) override {
    Json channels = Json::object(), labels{{"background", 0}}, train = Json::array(), val = Json::array();
    for (std::int64_t c = 0; c < channels_; ++c) channels[std::to_string(c)] = fmt::format("channel {}", c);
    for (std::size_t i = 0; i < foreground_.names.size(); ++i) labels[foreground_.names[i]] = i + 1;
    labels["ignore"] = ignored();
    for (const Outgoing& one : all)
      if (one.split != Split::test) (one.split == Split::val ? val : train).push_back(one.name);
    const Json json{{"channel_names", channels},
                    {"labels", labels},
                    {"numTraining", train.size() + val.size()},
                    {"file_ending", ".png"}};
    write_file(to_ / "dataset.json", json.dump(2));
    if (!val.empty())
      write_file(to_ / "splits_final.json", Json::array({Json{{"train", train}, {"val", val}}}).dump(2));
  }

 private:
  // nnU-Net wants it to be the last.
  int ignored() const { return static_cast<int>(foreground_.names.size()) + 1; }

  void keep_channels(const Outgoing& to, std::int64_t channels) {
    const std::lock_guard lock(mutex_);
    if (channels_ == 0) channels_ = channels;
    if (channels_ != channels)
      fail_input("the image of '{}' has {} channels, others {}; nnU-Net wants the same in all", to.name, channels,
                 channels_);
  }

  Foreground foreground_;
  fs::path to_;
  std::mutex mutex_;
  std::int64_t channels_ = 0;
};

}  // namespace

std::unique_ptr<LayoutWriter> nnunet_writer(const ClassTable& classes, const fs::path& to) {
  return std::make_unique<NnunetWriter>(classes, to);
}

}  // namespace inlay
