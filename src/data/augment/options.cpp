#include <array>
#include <charconv>

#include "base/fail.h"
#include "base/nearest_name.h"
#include "inlay/augment.h"

namespace inlay {
namespace {

void parse(std::string_view text, bool& value) {
  if (text != "true" && text != "false") fail_input("'{}' is neither true nor false", text);
  value = text == "true";
}

void parse(std::string_view text, double& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) fail_input("'{}' is no number", text);
}

void check_range(std::string_view name, double value, double low, double high) {
  if (!(value >= low && value <= high))
    fail_input("augmentation '{}' is {}, expected {} to {}", name, value, low, high);
}

}  // namespace

void AugmentOptions::check() const {
  visit(*this, [](std::string_view name, auto value, double low, double high, const char*) {
    check_range(name, static_cast<double>(value), low, high);
  });
}

AugmentOptions upright_augmentation() {
  return {.flip_horizontal = 0.5,
          .affine = 0.5,
          .rotate = 10.0,
          .brightness = 0.1,
          .contrast = 0.1,
          .gamma = 0.1,
          .noise = 0.02};
}

AugmentOptions standard_augmentation() {
  return {.flip_horizontal = 0.5,
          .flip_vertical = 0.5,
          .quarter_turns = true,
          .affine = 0.5,
          .elastic = 0.5,
          .elastic_sigma = 6.0,
          .elastic_grid = 48.0,
          .brightness = 0.1,
          .contrast = 0.2,
          .gamma = 0.2,
          .noise = 0.03};
}

AugmentOptions parse_augmentation(std::string_view policy) {
  constexpr std::array<std::string_view, 3> kNames{"none", "upright", "free"};
  if (policy == "none") return {};
  if (policy == "upright") return upright_augmentation();
  if (policy == "free") return standard_augmentation();
  fail_input("augment: '{}' is unknown{}; expected one of {}", policy, suggestion(policy, kNames),
             fmt::join(kNames, ", "));
}

void set_augmentation(AugmentOptions& options, std::string_view name, std::string_view text) {
  std::vector<std::string_view> names;
  bool found = false;
  const auto set = [&](std::string_view field, auto& value, double low, double high, const char*) {
    names.push_back(field);
    if (field != name) return;
    found = true;
    try {
      parse(text, value);
    } catch (const InputError& error) {
      fail_input("augmentation '{}': {}", name, error.what());
    }
    check_range(name, static_cast<double>(value), low, high);
  };
  AugmentOptions::visit(options, set);
  if (!found)
    fail_input("there is no augmentation '{}'{}; 'inlay data preview --help' lists them", name,
               suggestion(name, names));
}

std::vector<AugmentField> list_augmentation(const AugmentOptions& options) {
  std::vector<AugmentField> list;
  AugmentOptions::visit(options, [&](const char* name, auto value, double low, double high, const char* help) {
    list.push_back({name, fmt::format("{}", value), help, low, high});
  });
  return list;
}

std::string describe(const AugmentOptions& options) {
  const std::vector<AugmentField> fields = list_augmentation(options), defaults = list_augmentation();
  std::string text;
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].value != defaults[i].value)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", fields[i].name, fields[i].value);
  return text.empty() ? "none" : text;
}

}  // namespace inlay
