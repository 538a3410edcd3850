# Sourced by ./mataserver, tools/test and .ci/run: sets JAVA_HOME to a JDK 25 or later, or says what to install.
# Looks at JAVA_HOME, then at the usual folders, then at the java on PATH.

MATA_JDK=25

_jdk_major() { # folder -> major version, or nothing where it holds no JDK
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

_jdk_fits() {
  _major=$(_jdk_major "$1")
  [ -n "$_major" ] && [ "$_major" -ge "$MATA_JDK" ]
}

find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && _jdk_fits "$JAVA_HOME"; then
    export JAVA_HOME
    return 0
  fi
  _on_path=$(command -v java 2>/dev/null) || _on_path=
  if [ -n "$_on_path" ]; then
    _on_path=$(readlink -f "$_on_path" 2>/dev/null || echo "$_on_path")
    _on_path=${_on_path%/bin/java}
  fi
  for _jdk in "$_on_path" /usr/lib/jvm/* /opt/jdk* /opt/java/* /opt/*jdk* /usr/local/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$_jdk" ] && _jdk_fits "$_jdk"; then
      JAVA_HOME=$_jdk
      export JAVA_HOME
      return 0
    fi
  done
  echo "error: mataserver needs a JDK $MATA_JDK or later: install one (Debian/Ubuntu: temurin-25-jdk or openjdk-25-jdk, macOS: brew install openjdk, any: https://adoptium.net) or set JAVA_HOME" >&2
  return 1
}
