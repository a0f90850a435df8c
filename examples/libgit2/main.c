/* Makes a repository with one commit, and prints the id of its tree. */
#include <git2.h>
#include <stdio.h>

int main(int count, char **words) {
  git_repository *repository;
  git_index *index;
  git_oid tree;
  char hex[GIT_OID_MAX_HEXSIZE + 1];
  if (count < 2) return 2;
  git_libgit2_init();
  if (git_repository_init(&repository, words[1], 1) != 0) {
    fprintf(stderr, "%s\n", git_error_last()->message);
    return 1;
  }
  git_index_new(&index);
  if (git_index_write_tree_to(&tree, index, repository) != 0) return 1;
  git_oid_tostr(hex, sizeof hex, &tree);
  printf("libgit2 %s: empty tree %s\n", LIBGIT2_VERSION, hex);
  git_index_free(index);
  git_repository_free(repository);
  git_libgit2_shutdown();
  return 0;
}
