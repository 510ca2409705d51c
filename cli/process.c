/* Runs tools of others: Verilator, Yosys. No twin. */
#include "cli/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void assay_command_add(struct assay_command *command, const char *first, const char *second) {
  const size_t size = strlen(first) + strlen(second) + 1;
  char *text = command->count + 1 < ASSAY_COMMAND_ARGUMENTS ? malloc(size) : NULL;
  if (text == NULL) return;
  snprintf(text, size, "%s%s", first, second);
  command->argument[command->count++] = text;
}

void assay_command_free(struct assay_command *command) {
  for (size_t i = 0; i < command->count; ++i) free(command->argument[i]);
  command->count = 0;
}

pid_t assay_command_start(struct assay_command *command, const char *output) {
  fflush(NULL);
  const pid_t child = fork();
  if (child != 0) return child;
  const int file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0 || dup2(file, STDOUT_FILENO) < 0 || dup2(file, STDERR_FILENO) < 0) {
    _exit(ASSAY_COMMAND_NOT_RUN);
  }
  if (command->folder != NULL && chdir(command->folder) != 0) _exit(ASSAY_COMMAND_NOT_RUN);
  command->argument[command->count] = NULL;
  execvp(command->argument[0], command->argument);
  _exit(ASSAY_COMMAND_NOT_RUN);
}

int assay_command_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : ASSAY_COMMAND_NOT_RUN;
}

int assay_command_wait(pid_t process) {
  int status = 0;
  if (process <= 0) return ASSAY_COMMAND_NOT_RUN;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return ASSAY_COMMAND_NOT_RUN;
  }
  return assay_command_code(status);
}
