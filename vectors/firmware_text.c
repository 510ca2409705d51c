/* A network's layers as a C header for golden/firmware.h. */
#include "vectors/firmware_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

static void print_writes(struct assay_buffer *text, const struct assay_vector_layer *layer,
                         size_t index) {
  const struct assay_plan *plan = layer->plan;
  assay_buffer_print(text,
                     "\n// %s\nstatic const struct assay_register_write assay_writes_%zu[] = {\n",
                     layer->layer->name, index);
  for (size_t i = 0; i < plan->write_count; ++i) {
    assay_buffer_print(text, "    {0x%03" PRIx32 "u, 0x%08" PRIx32 "u},\n", plan->writes[i].address,
                       plan->writes[i].value);
  }
  assay_buffer_print(text, "};\n");
}

static void print_box(struct assay_buffer *text, const char *name, const int32_t tensor[3],
                      const int32_t first[3], const int32_t box[3]) {
  assay_buffer_print(text,
                     "     .%s = {.rows = %d, .columns = %d, .channels = %d,\n"
                     "            .first_row = %d, .first_column = %d, .first_channel = %d,\n"
                     "            .box_rows = %d, .box_columns = %d, .box_channels = %d},\n",
                     name, tensor[0], tensor[1], tensor[2], first[0], first[1], first[2], box[0],
                     box[1], box[2]);
}

static void print_boxes(struct assay_buffer *text, const struct assay_vector_layer *layer) {
  const struct assay_conv_shape *own = &layer->layer->conv.shape;
  const struct assay_conv_shape *whole = layer->parts != NULL ? &layer->parts->shape : own;
  const struct assay_part *part = &layer->part;
  print_box(text, "in", (const int32_t[]){whole->in_y, whole->in_x, whole->in_c},
            (const int32_t[]){part->in_y, part->in_x, part->in_c},
            (const int32_t[]){own->in_y, own->in_x, own->in_c});
  print_box(text, "out",
            (const int32_t[]){assay_conv_out_y(whole), assay_conv_out_x(whole), whole->out_c},
            (const int32_t[]){part->y, part->x, part->oc},
            (const int32_t[]){assay_conv_out_y(own), assay_conv_out_x(own), own->out_c});
}

static void print_layer(struct assay_buffer *text, const struct assay_vector_layer *layer,
                        size_t index, size_t number) {
  const struct assay_plan *plan = layer->plan;
  assay_buffer_print(text,
                     "    {.name = \"%s\",\n     .layer = %zu,\n     .writes = assay_writes_%zu,\n"
                     "     .write_count = %zu,\n",
                     layer->layer->name, number, index, plan->write_count);
  assay_buffer_print(text,
                     "     .activation_words = %zu,\n     .weight_words = %zu,\n"
                     "     .param_words = %zu,\n     .output_words = %zu,\n",
                     plan->activation_words, plan->weight_words, plan->param_words,
                     plan->output_words);
  assay_buffer_print(text,
                     "     .word_bytes = %d,\n     .rows_per_group = %d,\n     .x_zero = %d,\n",
                     plan->engine.channels, plan->rows_per_group, (uint8_t)plan->x_zp);
  print_boxes(text, layer);
  assay_buffer_print(text, "    },\n");
}

/* Parts of one layer follow each other and share its number. */
static bool same_layer(const struct assay_vector_layer *a, const struct assay_vector_layer *b) {
  return a->part_of != NULL && b->part_of != NULL && strcmp(a->part_of, b->part_of) == 0;
}

static void print_layers(struct assay_buffer *text, const struct assay_vector_case *c) {
  size_t number = 0;
  for (size_t i = 0; i < c->layer_count; ++i) print_writes(text, &c->layers[i], i);
  assay_buffer_print(text, "\nstatic const struct assay_firmware_layer assay_network[] = {\n");
  for (size_t i = 0; i < c->layer_count; ++i) {
    if (i > 0 && !same_layer(&c->layers[i - 1], &c->layers[i])) ++number;
    print_layer(text, &c->layers[i], i, number);
  }
  assay_buffer_print(text, "};\n");
}

void assay_firmware_print(struct assay_buffer *text, const struct assay_vector_case *c) {
  const struct assay_engine_config *e = c->engine;
  assay_buffer_print(text,
                     "// Layers of network %s on engine %s, for golden/firmware.h. Written by "
                     "assay gen.\n",
                     c->network->name, e->name);
  assay_buffer_print(text,
                     "#ifndef ASSAY_FIRMWARE_NETWORK_H_\n#define ASSAY_FIRMWARE_NETWORK_H_\n\n"
                     "#include \"golden/firmware.h\"\n\n");
  assay_buffer_print(text,
                     "// What assay_firmware_suits compares: lanes as in the register LANES.\n"
                     "#define ASSAY_NETWORK_LANES 0x%04xu\n#define ASSAY_NETWORK_BANK_DEPTH %du\n"
                     "#define ASSAY_NETWORK_WEIGHT_DEPTH %du\n"
                     "#define ASSAY_NETWORK_LAYERS %zuu\n",
                     (unsigned)(e->pixels | e->channels << 8), e->bank_depth, e->weight_depth,
                     c->layer_count);
  print_layers(text, c);
  assay_buffer_print(text, "\n#endif  // ASSAY_FIRMWARE_NETWORK_H_\n");
}
