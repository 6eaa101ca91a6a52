/** How one SDK is installed, set up and tried. `code` throws or captures once, so that the first event comes by itself. */
export type Snippet = {
  id: string;
  label: string;
  install: string;
  /** File that the code goes into. */
  file: string;
  language: string;
  code: (dsn: string) => string;
};

const javascript: Snippet[] = [
  {
    id: 'node',
    label: 'Node.js',
    install: 'npm install @sentry/node',
    file: 'app.mjs',
    language: 'javascript',
    code: (dsn) => `import * as Sentry from '@sentry/node';

Sentry.init({
  dsn: '${dsn}',
  includeLocalVariables: true, // the values beside each frame
});

function fail(order) {
  throw new Error(\`Order \${order.id} has no items\`);
}
setTimeout(() => fail({ id: 981, items: [] }), 1000);`,
  },
  {
    id: 'browser',
    label: 'Browser',
    install: 'npm install @sentry/browser',
    file: 'main.js',
    language: 'javascript',
    code: (dsn) => `import * as Sentry from '@sentry/browser';

Sentry.init({ dsn: '${dsn}' });

setTimeout(() => {
  throw new Error('Hello from the browser');
});`,
  },
  {
    id: 'react',
    label: 'React',
    install: 'npm install @sentry/react',
    file: 'main.jsx',
    language: 'jsx',
    code: (dsn) => `import * as Sentry from '@sentry/react';
import { createRoot } from 'react-dom/client';

Sentry.init({ dsn: '${dsn}' });

function Broken() {
  throw new Error('Hello from React');
}

createRoot(document.getElementById('root'), {
  onUncaughtError: Sentry.reactErrorHandler(),
  onCaughtError: Sentry.reactErrorHandler(),
}).render(<Broken />);`,
  },
];

const python: Snippet[] = [
  {
    id: 'python',
    label: 'Python',
    install: 'pip install sentry-sdk',
    file: 'app.py',
    language: 'python',
    code: (dsn) => `import sentry_sdk

sentry_sdk.init(dsn="${dsn}")


def charge(amount):
    if amount <= 0:
        raise ValueError("amount must be positive")


charge(-12)`,
  },
  {
    id: 'django',
    label: 'Django',
    install: 'pip install "sentry-sdk[django]"',
    file: 'settings.py and urls.py',
    language: 'python',
    code: (dsn) => `# settings.py
import sentry_sdk

sentry_sdk.init(dsn="${dsn}")


# urls.py: then open /fail/
from django.urls import path


def fail(request):
    raise ValueError("Hello from Django")


urlpatterns = [path("fail/", fail)]`,
  },
];

const others: Snippet[] = [
  {
    id: 'go',
    label: 'Go',
    install: 'go get github.com/getsentry/sentry-go',
    file: 'main.go',
    language: 'go',
    code: (dsn) => `package main

import (
	"errors"
	"log"
	"time"

	"github.com/getsentry/sentry-go"
)

func main() {
	if err := sentry.Init(sentry.ClientOptions{Dsn: "${dsn}"}); err != nil {
		log.Fatal(err)
	}
	defer sentry.Flush(2 * time.Second)
	sentry.CaptureException(errors.New("hello from Go"))
}`,
  },
  {
    id: 'java',
    label: 'Java',
    install: 'implementation("io.sentry:sentry:8.+")  // build.gradle.kts',
    file: 'Main.java',
    language: 'java',
    code: (dsn) => `import io.sentry.Sentry;

public class Main {
  public static void main(String[] args) {
    Sentry.init(options -> options.setDsn("${dsn}"));
    throw new IllegalStateException("Hello from Java");
  }
}`,
  },
  {
    id: 'dotnet',
    label: '.NET',
    install: 'dotnet add package Sentry',
    file: 'Program.cs',
    language: 'csharp',
    code: (dsn) => `using Sentry;

SentrySdk.Init(options =>
{
    options.Dsn = "${dsn}";
});

throw new InvalidOperationException("Hello from .NET");`,
  },
  {
    id: 'ruby',
    label: 'Ruby',
    install: 'gem install sentry-ruby',
    file: 'app.rb',
    language: 'ruby',
    code: (dsn) => `require "sentry-ruby"

Sentry.init do |config|
  config.dsn = "${dsn}"
  config.include_local_variables = true
end

begin
  Integer("twelve")
rescue ArgumentError => error
  Sentry.capture_exception(error)
end`,
  },
  {
    id: 'php',
    label: 'PHP',
    install: 'composer require sentry/sentry',
    file: 'index.php',
    language: 'php',
    code: (dsn) => `<?php

require 'vendor/autoload.php';

\\Sentry\\init(['dsn' => '${dsn}']);

throw new RuntimeException('Hello from PHP');`,
  },
  {
    id: 'rust',
    label: 'Rust',
    install: 'cargo add sentry',
    file: 'src/main.rs',
    language: 'rust',
    code: (dsn) => `fn main() {
    let _guard = sentry::init("${dsn}");

    panic!("Hello from Rust");
}`,
  },
  {
    id: 'native',
    label: 'Native (C, C++)',
    install: 'git clone --recurse-submodules https://github.com/getsentry/sentry-native',
    file: 'main.c',
    language: 'c',
    code: (dsn) => `#include <sentry.h>

int main(void) {
  sentry_options_t *options = sentry_options_new();
  sentry_options_set_dsn(options, "${dsn}");
  sentry_options_set_database_path(options, ".sentry-native");
  sentry_init(options);

  sentry_value_t event = sentry_value_new_event();
  sentry_value_t error = sentry_value_new_exception("Error", "Hello from C");
  sentry_value_set_stacktrace(error, NULL, 0);
  sentry_event_add_exception(event, error);
  sentry_capture_event(event);

  sentry_close();
}`,
  },
];

export const snippets: readonly Snippet[] = [...javascript, ...python, ...others];

/**
 * A command line that sends one event without any SDK. The key stands in the query, so a proxy that drops unknown
 * headers changes nothing; `printf` and a pipe, because `$'…'` is not in every shell.
 *
 * @param dsn as the server prints it; its path may have a prefix before the project id
 */
export function curlOf(dsn: string): string {
  const url = new URL(dsn);
  const at = url.pathname.lastIndexOf('/');
  const endpoint = `${url.origin}${url.pathname.slice(0, at)}/api/${url.pathname.slice(at + 1)}/envelope/`;
  const event = '{"platform":"other","exception":{"values":[{"type":"HelloError","value":"sent with curl"}]}}';
  return `printf '%s\\n' '{}' '{"type":"event"}' '${event}' |
  curl --data-binary @- '${endpoint}?sentry_version=7&sentry_key=${url.username}'`;
}
