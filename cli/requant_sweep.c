/* A user's own requantizer module, Verilated at run time and swept. No twin. */
#include "cli/requant_sweep.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/process.h"

enum { kPath = 512, kPorts = 64, kName = 64, kSilent = 4 };

/** A port of the Verilated top module. */
struct port {
  char name[kName];
  int bits;
  bool input, driven;
};

/** A sweep under way. */
struct sweep {
  const struct assay_sweep_module *module;
  char folder[kPath];
  struct port ports[kPorts];
  size_t port_count;
  struct assay_error *error;
};

static bool fail(struct sweep *s, enum assay_exit code, const char *what, const char *detail) {
  return assay_error_set(s->error, code, "%s: %s%s", s->module->files[0], what, detail);
}

static void path_in(const struct sweep *s, const char *name, char path[kPath + kName]) {
  snprintf(path, kPath + kName, "%s/%s", s->folder, name);
}

// Verilator //

/** Splits "NAME=INT,..." @return the number of pairs, -1 for a text that is not of this form */
static int next_pair(const char **text, char name[kName], long long *value) {
  if (*text == NULL || **text == '\0') return 0;
  const size_t length = strcspn(*text, "=");
  char *end = NULL;
  if (length == 0 || length >= kName || (*text)[length] != '=') return -1;
  memcpy(name, *text, length);
  name[length] = '\0';
  errno = 0;
  *value = strtoll(*text + length + 1, &end, 0);
  if (end == *text + length + 1 || errno != 0 || (*end != ',' && *end != '\0')) return -1;
  *text = *end == ',' ? end + 1 : end;
  return 1;
}

static bool add_parameters(struct sweep *s, struct assay_command *c) {
  const char *text = s->module->parameters;
  char name[kName], flag[2 * kName];
  long long value;
  int found;
  while ((found = next_pair(&text, name, &value)) > 0) {
    snprintf(flag, sizeof flag, "%s=%lld", name, value);
    assay_command_add(c, "-G", flag);
  }
  return found == 0 || assay_error_set(s->error, ASSAY_EXIT_BAD_INPUT,
                                       "assay sweep: --parameters: expected NAME=INTEGER,...");
}

/** The first complaint of Verilator, as file:line:column: text. */
static bool report_log(struct sweep *s, const char *log) {
  char line[600], text[600] = "Verilator failed, without a message";
  FILE *file = fopen(log, "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "%Error", 6) != 0) continue;
    const char *colon = strchr(line, ':');
    snprintf(text, sizeof text, "%s", colon == NULL ? line : colon + 2);
    break;
  }
  if (file != NULL) fclose(file);
  text[strcspn(text, "\n")] = '\0';
  return assay_error_set(s->error, ASSAY_EXIT_BAD_INPUT, "%s (Verilator; module %s expected)", text,
                         s->module->top);
}

/** Runs Verilator on the module: first to learn its ports, then with the driver to build it. */
static bool verilate(struct sweep *s, bool build) {
  struct assay_command c = {.count = 0};
  char log[kPath + kName];
  path_in(s, "log", log);
  assay_command_add(&c, "verilator", "");
  assay_command_add(&c, "--cc", "");
  assay_command_add(&c, "-O3", "");
  assay_command_add(&c, "-Wno-fatal", "");
  assay_command_add(&c, "--prefix", "");
  assay_command_add(&c, "Vassay_sweep", "");
  assay_command_add(&c, "--top-module", "");
  assay_command_add(&c, s->module->top, "");
  assay_command_add(&c, "--Mdir", "");
  assay_command_add(&c, s->folder, "/obj");
  bool ok = add_parameters(s, &c);
  for (size_t i = 0; i < s->module->file_count; ++i) assay_command_add(&c, s->module->files[i], "");
  if (build) {
    assay_command_add(&c, "--exe", "");
    assay_command_add(&c, "--build", "");
    assay_command_add(&c, "-CFLAGS", "");
    assay_command_add(&c, "-O2 -std=c++17 -I", s->folder);
    assay_command_add(&c, "-o", "");
    assay_command_add(&c, "sweep", "");
    assay_command_add(&c, ASSAY_SOURCE_DIR, "/sim/requant_sweep.cc");
  }
  const int code = ok ? assay_command_wait(assay_command_start(&c, log)) : 0;
  assay_command_free(&c);
  if (code == ASSAY_COMMAND_NOT_RUN)
    return fail(s, ASSAY_EXIT_RESOURCE, "verilator did not run", "");
  return ok && (code == 0 || report_log(s, log));
}

// Ports //

/** One line of the Verilated header: VL_IN8(&name,high,low); */
static void read_port(struct sweep *s, const char *line) {
  struct port port = {.bits = 0};
  int high, low;
  line += strspn(line, " ");
  port.input = strncmp(line, "VL_IN", 5) == 0;
  if (!port.input && strncmp(line, "VL_OUT", 6) != 0) return;
  const char *name = strchr(line, '&');
  if (name == NULL || sscanf(name, "&%63[^,],%d,%d", port.name, &high, &low) != 3) return;
  port.bits = high - low + 1;
  if (s->port_count < kPorts) s->ports[s->port_count++] = port;
}

static bool read_ports(struct sweep *s) {
  char path[kPath + kName], line[512];
  path_in(s, "obj/Vassay_sweep.h", path);
  FILE *file = fopen(path, "r");
  if (file == NULL) return fail(s, ASSAY_EXIT_RESOURCE, "Verilator wrote no header", "");
  while (fgets(line, sizeof line, file) != NULL) read_port(s, line);
  fclose(file);
  return true;
}

/** The port of a name, which is then driven; NULL with *error set. */
static const struct port *find_port(struct sweep *s, const char *name, bool input) {
  char known[400] = "";
  for (size_t i = 0; i < s->port_count; ++i) {
    struct port *port = &s->ports[i];
    if (port->input == input && strcmp(port->name, name) == 0) {
      port->driven = true;
      return port;
    }
    const size_t used = strlen(known);
    if (port->input == input) {
      snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "", port->name);
    }
  }
  assay_error_set(s->error, ASSAY_EXIT_BAD_INPUT,
                  "%s: module %s has no %s port \"%s\", expected one of: %s", s->module->files[0],
                  s->module->top, input ? "input" : "output", name, known);
  return NULL;
}

static bool define_name(struct sweep *s, FILE *file, const char *macro, const char *name,
                        bool input) {
  if (name == NULL) return true;
  if (find_port(s, name, input) == NULL) return false;
  fprintf(file, "#define %s %s\n", macro, name);
  return true;
}

static bool define_value_port(struct sweep *s, FILE *file, const char *which, const char *name,
                              bool input) {
  const struct port *port = find_port(s, name, input);
  if (port == NULL) return false;
  if (port->bits > 64) return fail(s, ASSAY_EXIT_BAD_INPUT, "port wider than 64 bits: ", name);
  fprintf(file, "#define ASSAY_PORT_%s %s\n#define ASSAY_%s_BITS %d\n", which, name, which,
          port->bits);
  return true;
}

static bool define_constants(struct sweep *s, FILE *file) {
  const char *text = s->module->set;
  char name[kName];
  long long value;
  int found;
  fputs("#define ASSAY_CONSTANTS(top)", file);
  while ((found = next_pair(&text, name, &value)) > 0) {
    const struct port *port = find_port(s, name, true);
    if (port == NULL) return false;
    if (port->bits > 64) return fail(s, ASSAY_EXIT_BAD_INPUT, "port wider than 64 bits: ", name);
    const uint64_t mask = port->bits == 64 ? ~UINT64_C(0) : (UINT64_C(1) << port->bits) - 1;
    fprintf(file, " (top).%s = %" PRIu64 "ull;", name, (uint64_t)value & mask);
  }
  fputc('\n', file);
  return found == 0 || assay_error_set(s->error, ASSAY_EXIT_BAD_INPUT,
                                       "assay sweep: --set: expected NAME=INTEGER,...");
}

/** An input that nothing drives would be an undefined 0. */
static bool check_driven(struct sweep *s) {
  for (size_t i = 0; i < s->port_count; ++i) {
    const struct port *port = &s->ports[i];
    if (port->input && !port->driven) {
      return assay_error_set(s->error, ASSAY_EXIT_BAD_INPUT,
                             "%s: nothing drives input port \"%s\" of %s, expected --set %s=VALUE, "
                             "--clock, --reset or --in-valid",
                             s->module->files[0], port->name, s->module->top, port->name);
    }
  }
  return true;
}

static bool define_all(struct sweep *s, FILE *file) {
  const struct assay_sweep_module *m = s->module;
  fprintf(file, "#define ASSAY_Y_SIGNED %d\n#define ASSAY_RESET_LEVEL %d\n", m->is_signed,
          !m->reset_low);
  fprintf(file, "#define ASSAY_LATENCY %" PRId64 "\n", m->latency);
  return define_value_port(s, file, "ACC", m->acc, true) &&
         define_value_port(s, file, "Y", m->y, false) &&
         define_name(s, file, "ASSAY_PORT_CLOCK", m->clock, true) &&
         define_name(s, file, "ASSAY_PORT_RESET", m->reset, true) &&
         define_name(s, file, "ASSAY_PORT_IN_VALID", m->in_valid, true) &&
         define_name(s, file, "ASSAY_PORT_OUT_VALID", m->out_valid, false) &&
         define_constants(s, file) && check_driven(s);
}

/** The header that tells sim/requant_sweep.cc what the ports are called. */
static bool write_ports(struct sweep *s) {
  char path[kPath + kName];
  path_in(s, "requant_sweep_ports.h", path);
  FILE *file = fopen(path, "w");
  if (file == NULL) return fail(s, ASSAY_EXIT_RESOURCE, "cannot write ", path);
  const bool ok = define_all(s, file);
  if (fclose(file) != 0) return fail(s, ASSAY_EXIT_RESOURCE, "cannot write ", path);
  return ok;
}

/** Every accumulator fits the port. */
static bool check_width(struct sweep *s, const struct assay_interval *intervals, size_t count) {
  const struct port *acc = find_port(s, s->module->acc, true);
  if (acc == NULL) return false;
  for (size_t i = 0; i < count; ++i) {
    const int32_t bits = assay_signed_bits(intervals[i]);
    if (bits <= acc->bits) continue;
    return assay_error_set(s->error, ASSAY_EXIT_BAD_INPUT,
                           "%s: port \"%s\" has %d bits, expected %" PRId32
                           " for accumulators %" PRId64 " to %" PRId64,
                           s->module->files[0], acc->name, acc->bits, bits, intervals[i].lo,
                           intervals[i].hi);
  }
  return true;
}

// Running //

static bool write_intervals(struct sweep *s, const struct assay_interval *intervals, size_t count) {
  char path[kPath + kName];
  path_in(s, "intervals", path);
  FILE *file = fopen(path, "w");
  if (file == NULL) return fail(s, ASSAY_EXIT_RESOURCE, "cannot write ", path);
  for (size_t i = 0; i < count; ++i) {
    fprintf(file, "%" PRId64 " %" PRId64 "\n", intervals[i].lo, intervals[i].hi);
  }
  return fclose(file) == 0 || fail(s, ASSAY_EXIT_RESOURCE, "cannot write ", path);
}

static bool receive_runs(struct sweep *s, const char *path,
                         void (*receive)(void *user, const struct assay_sweep_run *run),
                         void *user) {
  struct assay_sweep_run run;
  FILE *file = fopen(path, "r");
  if (file == NULL) return fail(s, ASSAY_EXIT_RESOURCE, "cannot read ", path);
  while (fscanf(file, "%" SCNd64 " %" SCNd64 " %" SCNd64, &run.first, &run.last, &run.y) == 3) {
    receive(user, &run);
  }
  fclose(file);
  return true;
}

static bool run_module(struct sweep *s,
                       void (*receive)(void *user, const struct assay_sweep_run *run), void *user) {
  struct assay_command c = {.count = 0};
  char runs[kPath + kName];
  path_in(s, "runs", runs);
  assay_command_add(&c, s->folder, "/obj/sweep");
  assay_command_add(&c, s->folder, "/intervals");
  const int code = assay_command_wait(assay_command_start(&c, runs));
  assay_command_free(&c);
  if (code == kSilent) {
    return fail(s, ASSAY_EXIT_BAD_INPUT,
                "the number of outputs is not that of the inputs, expected one for each on ",
                s->module->out_valid);
  }
  if (code != 0) return fail(s, ASSAY_EXIT_RESOURCE, "the simulation failed", "");
  return receive_runs(s, runs, receive, user);
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk) {
  (void)info;
  (void)type;
  (void)walk;
  return remove(path);
}

static bool make_folder(struct sweep *s) {
  const char *base = getenv("TMPDIR");
  snprintf(s->folder, sizeof s->folder, "%s/assay-sweep-XXXXXX", base != NULL ? base : "/tmp");
  return mkdtemp(s->folder) != NULL ||
         fail(s, ASSAY_EXIT_RESOURCE, "cannot make the folder ", s->folder);
}

static bool check_files(struct sweep *s) {
  for (size_t i = 0; i < s->module->file_count; ++i) {
    if (access(s->module->files[i], R_OK) == 0) continue;
    return assay_error_set(s->error, ASSAY_EXIT_BAD_INPUT,
                           "%s:1:1: cannot be read, expected SystemVerilog", s->module->files[i]);
  }
  return true;
}

bool assay_requant_sweep(const struct assay_sweep_module *module,
                         const struct assay_interval *intervals, size_t count,
                         void (*receive)(void *user, const struct assay_sweep_run *run), void *user,
                         struct assay_error *error) {
  struct sweep *s = calloc(1, sizeof *s);
  if (s == NULL) return assay_error_memory(error);
  s->module = module;
  s->error = error;
  bool ok = check_files(s) && make_folder(s);
  if (ok) {
    ok = verilate(s, false) && read_ports(s) && write_ports(s) &&
         check_width(s, intervals, count) && write_intervals(s, intervals, count) &&
         verilate(s, true) && run_module(s, receive, user);
    nftw(s->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  }
  free(s);
  return ok;
}
