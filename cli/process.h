/* Runs tools of others: Verilator, Yosys. No twin. */
#ifndef ASSAY_CLI_PROCESS_H_
#define ASSAY_CLI_PROCESS_H_

#include <stddef.h>
#include <sys/types.h>

enum { ASSAY_COMMAND_ARGUMENTS = 128, ASSAY_COMMAND_NOT_RUN = 127 };

/** Arguments of a command, the program first. Start from {0}; free with assay_command_free. */
struct assay_command {
  char *argument[ASSAY_COMMAND_ARGUMENTS];  ///< owned
  size_t count;
  const char *folder;  ///< working folder; NULL: the caller's; borrowed
};

/** Adds one argument, `first` and `second` joined. Without memory the command will not run. */
void assay_command_add(struct assay_command *command, const char *first, const char *second);
void assay_command_free(struct assay_command *command);

/** Starts a command, its standard output and errors in the file `output`. @return its process, -1
 */
pid_t assay_command_start(struct assay_command *command, const char *output);

/** Exit code that waitpid's status stands for; ASSAY_COMMAND_NOT_RUN when it was killed. */
int assay_command_code(int status);
/** Waits. @return exit code; ASSAY_COMMAND_NOT_RUN when it did not start or was killed */
int assay_command_wait(pid_t process);

#endif  // ASSAY_CLI_PROCESS_H_
