#include "data/formats/class_tables.h"

#include <array>

namespace inlay {
namespace {

struct Named {
  const char* name;
  Color color;
};

template <std::size_t N>
ClassTable table_of(const std::array<Named, N>& entries) {
  ClassTable table;
  for (const Named& entry : entries) {
    table.names.emplace_back(entry.name);
    table.colors.push_back(entry.color);
  }
  return table;
}

constexpr std::array kCamvid{
    Named{"Sky", {128, 128, 128}},        Named{"Building", {128, 0, 0}},   Named{"Pole", {192, 192, 128}},
    Named{"Road", {128, 64, 128}},        Named{"Pavement", {60, 40, 222}}, Named{"Tree", {128, 128, 0}},
    Named{"SignSymbol", {192, 128, 128}}, Named{"Fence", {64, 64, 128}},    Named{"Car", {64, 0, 128}},
    Named{"Pedestrian", {64, 64, 0}},     Named{"Bicyclist", {0, 128, 192}}};

constexpr std::array kCityscapes{Named{"road", {128, 64, 128}},
                                 Named{"sidewalk", {244, 35, 232}},
                                 Named{"building", {70, 70, 70}},
                                 Named{"wall", {102, 102, 156}},
                                 Named{"fence", {190, 153, 153}},
                                 Named{"pole", {153, 153, 153}},
                                 Named{"traffic light", {250, 170, 30}},
                                 Named{"traffic sign", {220, 220, 0}},
                                 Named{"vegetation", {107, 142, 35}},
                                 Named{"terrain", {152, 251, 152}},
                                 Named{"sky", {70, 130, 180}},
                                 Named{"person", {220, 20, 60}},
                                 Named{"rider", {255, 0, 0}},
                                 Named{"car", {0, 0, 142}},
                                 Named{"truck", {0, 0, 70}},
                                 Named{"bus", {0, 60, 100}},
                                 Named{"train", {0, 80, 100}},
                                 Named{"motorcycle", {0, 0, 230}},
                                 Named{"bicycle", {119, 11, 32}}};

constexpr std::string_view kVoc =
    "background, aeroplane, bicycle, bird, boat, bottle, bus, car, cat, chair, cow, diningtable, dog, horse, "
    "motorbike, person, pottedplant, sheep, sofa, train, tvmonitor";

// In the order of the benchmark's objectInfo150.txt, by their usual short names.
constexpr std::string_view kAde20k =
    "wall, building, sky, floor, tree, ceiling, road, bed, windowpane, grass, cabinet, sidewalk, person, earth, "
    "door, table, mountain, plant, curtain, chair, car, water, painting, sofa, shelf, house, sea, mirror, rug, "
    "field, armchair, seat, fence, desk, rock, wardrobe, lamp, bathtub, railing, cushion, base, box, column, "
    "signboard, chest of drawers, counter, sand, sink, skyscraper, fireplace, refrigerator, grandstand, path, "
    "stairs, runway, case, pool table, pillow, screen door, stairway, river, bridge, bookcase, blind, coffee "
    "table, toilet, flower, book, hill, bench, countertop, stove, palm, kitchen island, computer, swivel chair, "
    "boat, bar, arcade machine, hovel, bus, towel, light, truck, tower, chandelier, awning, streetlight, booth, "
    "television receiver, airplane, dirt track, apparel, pole, land, bannister, escalator, ottoman, bottle, "
    "buffet, poster, stage, van, ship, fountain, conveyer belt, canopy, washer, plaything, swimming pool, stool, "
    "barrel, basket, waterfall, tent, bag, minibike, cradle, oven, ball, food, step, tank, trade name, microwave, "
    "pot, animal, bicycle, lake, dishwasher, screen, blanket, sculpture, hood, sconce, vase, traffic light, tray, "
    "ashcan, fan, pier, crt screen, plate, monitor, bulletin board, shower, radiator, glass, clock, flag";

// The 80 things and 91 kinds of stuff of the labels.txt of COCO-Stuff that masks can hold, by number.
constexpr std::string_view kCocoStuff =
    "person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, stop sign, "
    "parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, backpack, umbrella, "
    "handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard, "
    "surfboard, tennis racket, bottle, wine glass, cup, fork, knife, spoon, bowl, banana, apple, sandwich, orange, "
    "broccoli, carrot, hot dog, pizza, donut, cake, chair, couch, potted plant, bed, dining table, toilet, tv, "
    "laptop, mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink, refrigerator, book, clock, vase, "
    "scissors, teddy bear, hair drier, toothbrush, banner, blanket, branch, bridge, building-other, bush, cabinet, "
    "cage, cardboard, carpet, ceiling-other, ceiling-tile, cloth, clothes, clouds, counter, cupboard, curtain, "
    "desk-stuff, dirt, door-stuff, fence, floor-marble, floor-other, floor-stone, floor-tile, floor-wood, flower, "
    "fog, food-other, fruit, furniture-other, grass, gravel, ground-other, hill, house, leaves, light, mat, metal, "
    "mirror-stuff, moss, mountain, mud, napkin, net, paper, pavement, pillow, plant-other, plastic, platform, "
    "playingfield, railing, railroad, river, road, rock, roof, rug, salad, sand, sea, shelf, sky-other, skyscraper, "
    "snow, solid-other, stairs, stone, straw, structural-other, table, tent, textile-other, towel, tree, vegetable, "
    "wall-brick, wall-concrete, wall-other, wall-panel, wall-stone, wall-tile, wall-wood, water-other, waterdrops, "
    "window-blind, window-other, wood";

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  for (std::size_t end = 0; end != std::string_view::npos;
       list.remove_prefix(end == std::string_view::npos ? 0 : end + 2)) {
    end = list.find(", ");
    names.emplace_back(list.substr(0, end));
  }
  return names;
}

}  // namespace

ClassTable named_classes(std::vector<std::string> names, bool has_background) {
  ClassTable table{std::move(names), {}};
  for (int i = 0; i < static_cast<int>(table.names.size()); ++i)
    table.colors.push_back(voc_color(has_background ? i : i + 1));
  return table;
}

ClassTable voc_classes() { return named_classes(names_in(kVoc), true); }

ClassTable camvid_classes() { return table_of(kCamvid); }

ClassTable cityscapes_classes() { return table_of(kCityscapes); }

ClassTable two_classes(std::string_view background, std::string_view foreground) {
  return {{std::string(background), std::string(foreground)}, {Color{0, 0, 0}, Color{255, 176, 0}}};
}

ClassTable ade20k_classes() { return named_classes(names_in(kAde20k), false); }

ClassTable coco_stuff_classes() { return named_classes(names_in(kCocoStuff), false); }

LabelMap labels_in_order(std::int64_t classes) {
  LabelMap map;
  for (std::int64_t i = 0; i < classes; ++i) map.values[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(i);
  map.values[kIgnore] = kIgnore;
  return map;
}

}  // namespace inlay
