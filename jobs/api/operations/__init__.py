"""Operations in the API: fields, serializers, descriptions in the schema, and views."""
