#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "inlay/plan.h"

namespace inlay {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const ImageSize& size) { return {size.height, size.width}; }
ImageSize size_from(const Json& json) { return {json.at(0), json.at(1)}; }

}  // namespace

std::string to_json(const Fingerprint& print) {
  Json classes = Json::array();
  for (const Fingerprint::Class& entry : print.classes)
    classes.push_back({{"name", entry.name},
                       {"share", entry.share},
                       {"image_share", entry.image_share},
                       {"objects", entry.objects},
                       {"object_side", entry.object_side}});
  const Json json{{"train_images", print.train_images},
                  {"val_images", print.val_images},
                  {"read", print.read},
                  {"smallest", to_json(print.smallest)},
                  {"median", to_json(print.median)},
                  {"largest", to_json(print.largest)},
                  {"channels", print.channels},
                  {"mean", print.mean},
                  {"stddev", print.stddev},
                  {"classes", std::move(classes)},
                  {"ignored", print.ignored},
                  {"read_seconds", print.read_seconds},
                  {"key", print.key}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Fingerprint fingerprint_from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    Fingerprint print{.train_images = json.at("train_images"),
                      .val_images = json.at("val_images"),
                      .read = json.at("read"),
                      .smallest = size_from(json.at("smallest")),
                      .median = size_from(json.at("median")),
                      .largest = size_from(json.at("largest")),
                      .channels = json.at("channels"),
                      .mean = json.at("mean"),
                      .stddev = json.at("stddev"),
                      .ignored = json.at("ignored"),
                      .read_seconds = json.at("read_seconds"),
                      .key = json.at("key")};
    for (const Json& entry : json.at("classes"))
      print.classes.push_back(
          {entry.at("name"), entry.at("share"), entry.at("image_share"), entry.at("objects"), entry.at("object_side")});
    return print;
  } catch (const Json::exception& error) {
    fail_input("this is no fingerprint of a data set: {}", error.what());
  }
}

}  // namespace inlay
